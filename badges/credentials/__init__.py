"""The credential: what is signed about an organisation, in Open Badges 3.0 on W3C VC 2.0.

Decides which facts a badge states, in which words, until when, and how they are sealed.
"""
