"""The room of the hub: what waits on it, and who may do something about it."""
