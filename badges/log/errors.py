"""What the public log refuses.

LogError
├── Malformed              text or bytes are not written as their format says
├── SignatureRejected      no trusted key signed it, or a trusted key's signature is wrong
├── ProofRejected          hashes do not lead from the entry, or the old tree, to the root
├── NotInLog               the entry or tile asked for is beyond the tree
├── OutOfOrder             an event would enter the log before or beside an earlier one
└── SigningRefused         the tree does not extend the checkpoint kept outside the database
"""

from charter.errors import CharterError


class LogError(CharterError):
    """Base of everything the log refuses."""

    code = "log-refused"


class Malformed(LogError):
    """Text or bytes that are not written as their format says."""

    code = "log-malformed"


class SignatureRejected(LogError):
    """No trusted key signed the note, or what claims to be a trusted key's signature is wrong."""

    code = "log-signature-rejected"


class ProofRejected(LogError):
    """The hashes given do not lead from the entry, or from the old tree, to the root."""

    code = "log-proof-rejected"


class NotInLog(LogError):
    """The entry, tile or proof asked for lies beyond the tree."""

    code = "not-in-log"


class OutOfOrder(LogError):
    """An event would enter the log before, or in the place of, one that was committed earlier."""

    code = "log-out-of-order"


class SigningRefused(LogError):
    """The tree does not extend the last checkpoint kept outside the database; nothing is signed."""

    code = "log-signing-refused"
