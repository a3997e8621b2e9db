"""The public log: every event of the register is an entry of one append-only Merkle tree.

Decided here: the bytes of an entry, their order, what a checkpoint says and when it may be
signed. Words as in the C2SP specifications tlog-tiles, tlog-checkpoint, signed-note,
tlog-cosignature, tlog-witness and tlog-proof.
"""
