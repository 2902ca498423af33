"""How to walk: from list pages to stories, their further comments and their authors.

How to read a page is the business of `crawler.platforms`, what to keep that of `crawler.store`.
"""
