import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("helpdesk_service_contract_log_work", {
    steps: () => [
        {
            content: "All hours of the month are left",
            trigger: ".o_service_available b:contains('2:00')",
        },
        {
            content: "Open the work entries",
            trigger: ".o_notebook .nav-link[name='work']",
            run: "click",
        },
        {
            content: "Add an entry",
            trigger:
                ".o_field_widget[name='timesheet_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Say what was done",
            trigger: ".o_selected_row .o_field_widget[name='name'] input",
            run: "edit Wymiana bębna",
        },
        {
            content: "Type the time as one reads it off a watch",
            trigger: ".o_selected_row .o_field_widget[name='unit_amount'] input",
            run: "edit 1:05",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Two hours began, so nothing is left",
            trigger: ".o_service_available b:contains('0:00')",
        },
        {
            content: "The entry says where its time went",
            trigger:
                ".o_data_row .o_data_cell[name='explanation']:contains('2:00 z pakietu')",
        },
    ],
});
