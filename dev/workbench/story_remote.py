"""The part of the story that is about remote help."""


def connect_tool(env):
    """A row for the table of logins: a program that may act for every customer.

    Its key stands where people have a password; it opens the API and no screen.
    """
    tools = env["service.gateway.tool"]
    tool, key = tools._connect("Monitoring", env.company, env["res.partner"])
    return "connected tool (API)", tool.login, key
