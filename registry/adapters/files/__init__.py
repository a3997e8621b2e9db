"""From a file somebody sent to a copy that is safe to show (rule 17).

A file is recognised by its content, proven by parsing, and written anew without anything that
identifies its makers or runs by itself. Parsers run in a child process that may use little time
and memory and no network; whatever goes wrong in there is a refusal with a sentence, never an
error page.
"""
