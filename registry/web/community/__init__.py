"""What the communities see: a contributor's one form without an account, a group's own pages."""
