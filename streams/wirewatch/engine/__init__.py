"""Faust on two transports: `sqlite://`, one process and one durable file, and `kafka://`, any number of workers."""
