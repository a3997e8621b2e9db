"""Signing in and out. A GET never signs anyone in: mail scanners open every link they see."""
