"""The deployment: compose, image, dashboards, rules, and the whole stack by hand."""
