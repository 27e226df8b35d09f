import {Record} from "@web/model/relational_model/record";
import {patch} from "@web/core/utils/patch";
import {toRaw} from "@odoo/owl";

/** What is wrong with what was typed: a text by the name of a field, by record. */
const PROBLEMS = new WeakMap();

export function remember(record, name, text) {
    PROBLEMS.set(record, {...PROBLEMS.get(record), [name]: text});
}

export function forget(record, name) {
    remember(record, name, null);
}

/** Texts for the invalid fields of a record and of its rows; null where one has none. */
function problemsOf(record) {
    const known = PROBLEMS.get(toRaw(record)) || {};
    return [...toRaw(record._invalidFields)].flatMap((name) => {
        const rows = (record.data[name] && record.data[name].records) || [];
        const ofRows = rows.flatMap(problemsOf);
        return ofRows.length ? ofRows : [known[name] || null];
    });
}

patch(Record.prototype, {
    /** Says what is wrong, where that is known, instead of that something is missing. */
    _displayInvalidFieldNotification() {
        const problems = problemsOf(this);
        if (!problems.length || problems.includes(null)) {
            return super._displayInvalidFieldNotification();
        }
        const text = [...new Set(problems)].join(" ");
        return this.model.notification.add(text, {type: "danger"});
    },
});
