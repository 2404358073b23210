"""Bytes of a feed → plain-text items and problems. The only room that knows feedparser.

Walk of one body: `decoding` (bytes → text) → `cutting` (text → head and items, fingerprinted; known items stop here) →
`elements` (items → XML elements: strict, mended, `salvaging`, recovered) → `extracting` (element → FeedItem, by way of
`plain_text`, `dating`, `linking`) and, where that gives nothing, `judging` (feedparser). `reading.read_feed` joins
them; `pool.ParserPool` runs it in child processes that may be killed.
"""
