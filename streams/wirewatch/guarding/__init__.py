"""Which addresses this program may dial, checked on the address that is dialled; for the fetcher and for webhooks."""
