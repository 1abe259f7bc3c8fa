"""What the front ends call the codes of the domains, marked for translation.

One module for each domain. Each label is lazily translated: it is in the language of whoever reads
the page.
"""
