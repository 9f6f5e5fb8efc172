"""Settings -> Service: the only room that names concrete classes, the clock and chance.

with open_register(settings) as register: ...   # the log and the rules: enough to import beside a running service
with open_service(settings) as service: ...     # with the graph stores and the query workers, following the log

Nothing is imported here: a command that needs the register alone does not wait for the web.
"""
