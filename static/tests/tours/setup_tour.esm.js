import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const {DateTime} = window.luxon;
// What a manager may be asked for, from the first login to the first invoice.
const MOST = 40;
const lastMonth = DateTime.local().minus({months: 1}).startOf("month");
const FORM = ".o_service_setup";
const DIALOG = ".o_dialog .o_form_view";

function fill(name, text, where = FORM) {
    return {
        content: `Fill in ${name}`,
        trigger: `${where} .o_field_widget[name='${name}'] input`,
        run: `edit ${text}`,
    };
}

function click(content, trigger) {
    return {content, trigger, run: "click"};
}

function step(key) {
    return {
        content: `The step ${key} is open`,
        trigger: `${FORM} button[data-step='${key}'].active`,
    };
}

const goOn = () => click("Go on", `${FORM} button[name='action_next']:visible`);
const without = () => click("Do without", `${FORM} button[name='action_skip']:visible`);

/** From the first login to the first posted invoice, without an administrator. */
const steps = [
    ...stepUtils.goToAppSteps(
        "helpdesk_mgmt.helpdesk_ticket_main_menu",
        "Open the app"
    ),
    step("company"),
    fill("vat", "PL5260250274"),
    fill("bank_account", "61 1090 1014 0000 0712 1981 2874"),
    fill("street", "Prosta 1"),
    fill("zip", "00-001"),
    fill("city", "Warszawa"),
    goOn(),
    step("hours"),
    goOn(),
    step("offers"),
    click(
        "Choose VIP",
        `${FORM} .o_kanban_record:contains('290,00') button[name='action_choose']`
    ),
    {content: "It is chosen", trigger: `${FORM} .o_kanban_record .text-bg-primary`},
    goOn(),
    step("prices"),
    {
        content: "What is going to be made is shown",
        trigger: `${FORM} li:contains('VIP')`,
    },
    goOn(),
    step("people"),
    goOn(),
    step("mailbox"),
    without(),
    step("terms"),
    without(),
    step("trial"),
    click("First contract", `${FORM} button[name='action_first_contract']`),
    {
        content: "The offer has filled the contract",
        trigger: ".o_field_widget[name='allowance_minutes'] input:value('2:00')",
    },
    fill("partner_id", "Hotel Brda", ".o_form_view"),
    click(
        "Enter the customer",
        ".o-autocomplete--dropdown-menu .o_m2o_dropdown_option_create_edit a"
    ),
    fill("vat", "7740001454", DIALOG),
    fill("street", "Krzywa 2", DIALOG),
    fill("zip", "30-001", DIALOG),
    fill("city", "Kraków", DIALOG),
    click("Save the customer", ".o_dialog .o_form_button_save"),
    {
        content: "The customer is there",
        trigger: "body:not(:has(.o_dialog)) .o_field_widget[name='partner_id'] input",
    },
    click("It began a month ago", ".o_field_widget[name='date_start'] button"),
    {
        content: "Type the day",
        trigger: ".o_field_widget[name='date_start'] input",
        run: `edit ${lastMonth.toFormat("dd.MM.yyyy")}`,
    },
    click("Who posts its invoices", ".o_notebook .nav-link[name='invoicing']"),
    click(
        "Post them without a person",
        ".o_field_widget[name='post_automatically'] input"
    ),
    fill("post_limit", "500", ".o_form_view"),
    click("Put it in force", "button[name='action_put_in_force']"),
    {
        content: "It is in force",
        trigger: ".o_form_saved:not(:has(button[name='action_put_in_force']))",
    },
    click("Billing", "[data-menu-xmlid='helpdesk_service_contract.menu_billing']"),
    click(
        "Billing run",
        "[data-menu-xmlid='helpdesk_service_contract.menu_billing_run']"
    ),
    {
        content: "The fee is going to be billed",
        trigger: ".o_data_row .o_data_cell[name='total']:contains('290,00')",
    },
    click("Bill", "button[name='action_bill']"),
    click("Yes", ".o_dialog .modal-footer .btn-primary"),
    click("See the invoice", "button[name='action_open_invoices']"),
    {
        content: "It is posted, with its tax",
        trigger:
            ".o_action_manager .o_content:contains('356,70'):not(:has(.o_data_cell[name='total']))",
    },
    {
        content: "All in at most so many clicks and fields",
        trigger: "body",
        run() {
            const asked = steps.filter(({run}) => typeof run === "string").length;
            if (asked > MOST) {
                throw new Error(`${asked} clicks and fields are more than ${MOST}`);
            }
        },
    },
];

registry.category("web_tour.tours").add("helpdesk_service_contract_setup", {
    steps: () => steps,
});
