"""The own word of a community panel that holds its own key: whose keys count, and what is taken in.

Two stewards record a panel's public key. The panel seals its endorsement by itself; the seal alone
says who handed it in. The register carries it as it was sealed, and lets it go on the panel's word.
"""
