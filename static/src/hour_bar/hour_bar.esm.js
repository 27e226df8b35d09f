import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatDate} from "@web/core/l10n/dates";
import {formatMinutes} from "../minutes_field/minutes.esm";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const FIGURES = ["granted", "used", "pending", "expired", "available", "overage"];

/** What the customer's package of today holds: the first thing people look for. */
export class ServiceHourBar extends Component {
    static template = "helpdesk_service_contract.ServiceHourBar";
    static props = {...standardWidgetProps};

    get minutes() {
        const {data} = this.props.record;
        return Object.fromEntries(FIGURES.map((name) => [name, data[`hours_${name}`]]));
    }

    get headline() {
        const {available, granted} = this.minutes;
        if (!granted) {
            return _t("No hour package today");
        }
        return _t("%(available)s h of %(granted)s h left until %(day)s", {
            available: formatMinutes(available),
            granted: formatMinutes(granted),
            day: formatDate(this.props.record.data.hours_until),
        });
    }

    get overage() {
        const {granted, overage} = this.minutes;
        const hours = formatMinutes(overage);
        return granted ? _t("%s h outside packages", hours) : _t("%s h charged", hours);
    }

    get segments() {
        const {granted, used, pending, expired, available} = this.minutes;
        return [
            {name: "used", label: _t("used"), minutes: used, color: "secondary"},
            {name: "pending", label: _t("pending"), minutes: pending, color: "info"},
            {name: "expired", label: _t("expired"), minutes: expired, color: "dark"},
            {
                name: "available",
                label: _t("available"),
                minutes: available,
                color: "success",
            },
        ]
            .filter(({name, minutes}) => minutes || name !== "expired")
            .map((segment) => ({
                ...segment,
                text: formatMinutes(segment.minutes),
                width: `width: ${(100 * segment.minutes) / granted}%`,
            }));
    }
}

registry.category("view_widgets").add("service_hour_bar", {
    component: ServiceHourBar,
    fieldDependencies: [
        {name: "hours_until", type: "date"},
        ...FIGURES.map((name) => ({name: `hours_${name}`, type: "integer"})),
    ],
});
