"""The sizes beyond which a feed is cut, and why each has its value."""

from __future__ import annotations

#: Bytes of UTF-8 of a title. Longer ones are not headlines.
MAX_TITLE_BYTES = 1_024
#: Bytes of UTF-8 of a text: with everything around it an article stays below a broker's usual megabyte.
MAX_TEXT_BYTES = 256 * 1_024
#: Characters of a guid or a link; a longer guid is hashed, never cut, so that two long ones stay distinct.
MAX_IDENTITY_CHARACTERS = 1_024
#: Characters of a raw date that are kept.
MAX_DATE_CHARACTERS = 128
#: Authors kept of one item, and characters of each.
MAX_AUTHORS = 64
MAX_AUTHOR_CHARACTERS = 256
#: Items read of one document; the newest are kept and the rest is counted.
MAX_ITEMS = 2_000
#: Characters of markup that are cleaned at most for one field. 4×: most of a page's markup is not text.
MAX_MARKUP_CHARACTERS = 4 * MAX_TEXT_BYTES
#: Raw bytes kept of a quarantined item.
MAX_PROBLEM_BYTES = 64 * 1_024
#: Items quarantined with their bytes in one document; more are quarantined without.
MAX_PROBLEMS = 256
#: Combining marks kept in a row; no language stacks more than a few.
MAX_MARKS = 4
#: Characters handed to feedparser, which needs a hundred times longer than we do.
MAX_JUDGED_CHARACTERS = 2 * 1_024 * 1_024
#: Tags handed to it: it takes 20 µs for each.
MAX_JUDGED_TAGS = 20_000
