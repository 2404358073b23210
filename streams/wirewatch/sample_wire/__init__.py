"""The sample wire: five invented feeds on loopback that tell one real story, so that one sees an alert open and grow.

It is an ordinary set of web feeds to the connector, which reads them like any other through the address allow-list.
"""
