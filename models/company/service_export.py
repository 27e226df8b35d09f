import base64
import json
import tempfile

from odoo import api, models
from odoo.exceptions import AccessError, RedirectWarning
from odoo.fields import Domain

from ...tools.archive import Archive, file_name

ADDON = "helpdesk_service_contract"
EXPORTED = f"{ADDON}.exported"
# Records that are read at once.
BATCH = 2000


class ServiceExport(models.AbstractModel):
    """Everything that the add-on keeps, as files that need no Odoo to be read.

    It is found by what the models say of themselves, so that nothing is forgotten.
    """

    _name = "service.export"
    _description = "Export of All Service Data"

    @api.model
    def _export(self):
        """Write everything into a zip; the attachment that holds it."""
        if not self.env.is_system():
            raise AccessError(self.env._("Only administrators export everything."))
        # sudo: what is kept is kept of all companies, whatever the administrator sees
        export = self.sudo().with_context(active_test=False, bin_size=False)
        with tempfile.TemporaryFile() as stream:
            with Archive(stream) as archive:
                for model in export._models():
                    export._add_records(archive, model)
                export._add_files(archive)
            stream.seek(0)
            # Of no record, so that it is for its maker and administrators alone.
            attachment = self.env["ir.attachment"].create(
                {
                    "name": f"service_{self.env.company.sudo()._service_day()}.zip",
                    "raw": stream.read(),
                    "mimetype": "application/zip",
                }
            )
        parameters = export.env["ir.config_parameter"]
        parameters.set_param(EXPORTED, json.dumps(export._evidence()))
        return attachment

    # ------------------------------------------------------------------
    # What there is
    # ------------------------------------------------------------------

    @api.model
    def _models(self):
        """Models with columns of ours."""
        found = (self.env[name] for name in sorted(self.env.registry))
        return [
            model
            for model in found
            if not (model._abstract or model._transient)
            and model._auto
            and self._columns(model)
        ]

    @api.model
    def _is_ours(self, model):
        return model._original_module == ADDON

    @api.model
    def _columns(self, model):
        """Names of the stored fields that are ours."""
        return [
            name
            for name, field in model._fields.items()
            if field.store
            and field.type != "one2many"
            and (self._is_ours(model) or ADDON in field._modules)
        ]

    @api.model
    def _domain(self, model):
        """The records about which we keep something."""
        if self._is_ours(model):
            return Domain.TRUE
        return Domain.OR(Domain(name, "!=", False) for name in self._columns(model))

    @api.model
    def _evidence_models(self):
        """Ours whose records nobody may delete."""
        return [
            model
            for model in self._models()
            if self._is_ours(model)
            and hasattr(model, "_guards")
            and any(guard.deletion for guard in model._guards())
        ]

    @api.model
    def _evidence(self):
        """What there is of evidence: the number of records and the last one, by model.

        It only grows, so that these two tell whether something was added.
        """
        found = {}
        for model in self._evidence_models():
            # sudo: it counts for all companies, whoever asks
            model = model.sudo().with_context(active_test=False)
            rows = model._read_group([], [], ["__count", "id:max"])
            for count, last in rows:
                if count:
                    found[model._name] = [count, last]
        return found

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    @api.model
    def _add_records(self, archive, model):
        """A table of the model: its own columns, and names for what they point to."""
        names = self._columns(model)
        if not self._is_ours(model):
            names = ["id", "display_name", *names]
        header = []
        for name in names:
            header.append(name)
            if model._fields[name].type == "many2one":
                header.append(f"{name}.name")
        ids = model.search(self._domain(model), order="id").ids
        if ids:
            archive.add_table(
                f"{model._table}.csv", header, self._rows(model, ids, names)
            )

    @api.model
    def _rows(self, model, ids, names):
        for start in range(0, len(ids), BATCH):
            records = model.browse(ids[start : start + BATCH])
            for record in records:
                yield [cell for name in names for cell in self._cells(record, name)]
            self.env.invalidate_all(flush=False)

    @api.model
    def _cells(self, record, name):
        """A value as it stands in the table; that of a many2one has two cells."""
        field, value = record._fields[name], record[name]
        if field.type == "many2one":
            return [value.id or "", value.display_name or ""]
        if field.type == "many2many":
            return [" ".join(map(str, value.ids))]
        if field.type == "binary":
            return [self._binary_name(record, name) if value else ""]
        if field.type == "boolean":
            return [int(value)]
        if field.type == "json":
            return [json.dumps(value, ensure_ascii=False) if value else ""]
        return ["" if value is False or value is None else value]

    @api.model
    def _add_files(self, archive):
        """Papers: attachments of our records and fields, and what columns hold."""
        for model in self._models():
            for name in self._columns(model):
                field = model._fields[name]
                if field.type == "binary" and not field.attachment:
                    for record in model.search([(name, "!=", False)], order="id"):
                        content = base64.b64decode(record[name])
                        archive.add(self._binary_name(record, name), content)
        for attachment in self._attachments():
            name = file_name(attachment.name)
            archive.add(f"files/{attachment.id}-{name}", attachment.raw or b"")

    @api.model
    def _attachments(self):
        own = [model._name for model in self._models() if self._is_ours(model)]
        named = self.env["ir.attachment"]
        for model in self._models():
            for name in self._columns(model):
                if model._fields[name].comodel_name == named._name:
                    named |= model.search([(name, "!=", False)])[name]
        # Named or not, also those that hold the value of a field.
        return named.search(
            (Domain("res_model", "in", own) | Domain("id", "in", named.ids))
            & Domain("type", "=", "binary"),
            order="id",
        )

    @api.model
    def _binary_name(self, record, name):
        return f"files/{record._table}-{record.id}-{name}"

    # ------------------------------------------------------------------
    # Before the add-on goes
    # ------------------------------------------------------------------

    @api.model
    def _check_exported(self):
        """Refuse to delete evidence that no export holds.

        :raises RedirectWarning: saying what there is, with the way to the export
        """
        evidence = self._evidence()
        # sudo: a parameter of the system
        parameters = self.env["ir.config_parameter"].sudo()
        exported = json.loads(parameters.get_param(EXPORTED) or "{}")
        if all(exported.get(name) == found for name, found in evidence.items()):
            return
        action = self.env.ref(f"{ADDON}.service_export_action")
        raise RedirectWarning(
            self.env._(
                "Without Helpdesk Service Contract, evidence is lost that no export "
                "holds yet:\n%(evidence)s\nExport everything first, and keep the file.",
                evidence="\n".join(self._evidence_lines(evidence)),
            ),
            action.id,
            self.env._("Export Everything"),
        )

    @api.model
    def _evidence_lines(self, evidence):
        models_ = self.env["ir.model"]
        return [
            f"- {models_._get(name).name}: {count}"
            for name, (count, _last) in evidence.items()
        ]
