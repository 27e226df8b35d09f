"""What the web client asks the server for when somebody opens a form or a list."""

from lxml import etree

# A page of a list within a form, in the web client.
PAGE = 40
FORM_CONTEXT = {"service_contract": True, "is_contract": 1}


def form_fields(env, view_name):
    """The specification of fields that ``web_read`` gets for a form."""
    view = env.ref(view_name)
    env = env["base"].with_context(**FORM_CONTEXT).env
    arch = env[view.model].get_view(view.id, "form")["arch"]
    spec = _fields(etree.fromstring(arch), env[view.model])
    # Asked for by the widget that shows hours as a bar.
    hours = [name for name in env[view.model]._fields if name.startswith("hours_")]
    return spec | {name: {} for name in hours}


def list_fields(env, view_name):
    """The specification of fields that ``web_search_read`` gets for a list."""
    view = env.ref(view_name)
    arch = env[view.model].get_view(view.id, "list")["arch"]
    return _fields(etree.fromstring(arch), env[view.model])


def _fields(node, model):
    spec = {}
    depth = node.xpath("count(ancestor::field)")
    for child in node.xpath(f".//field[count(ancestor::field) = {depth:g}]"):
        field = model._fields.get(child.get("name"))
        if field is None:
            continue
        spec[field.name] = {}
        if field.type == "many2one":
            spec[field.name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many"):
            lists = child.xpath("./list") or [etree.Element("list")]
            columns = _fields(lists[0], model.env[field.comodel_name])
            spec[field.name] = {"fields": columns, "limit": PAGE}
    return spec
