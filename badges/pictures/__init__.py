"""The pictures: the QR code, the live badge, the badge to keep, the poster.

Decides how a standing looks (word, shape and colour together) and how large a code must be
printed; never which standing it is.
"""
