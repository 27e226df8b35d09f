import {registry} from "@web/core/registry";

const tick = (content, trigger) => ({content, trigger, run: "click"});

registry.category("web_tour.tours").add("helpdesk_service_contract_consent", {
    steps: () => [
        {
            content: "The page is in Polish, and says who connects",
            trigger: "html[lang='pl-PL'] #session:contains('Technik')",
        },
        tick("Read the regulations", "#consent summary:first"),
        {
            content: "Nothing is wider than the phone",
            trigger: "#consent details[open] .o_service_text",
            run() {
                const root = document.documentElement;
                if (root.scrollWidth > root.clientWidth) {
                    throw new Error(`The page is ${root.scrollWidth} pixels wide`);
                }
            },
        },
        tick("Accept the regulations", "label[for^='version_']:first"),
        tick("I have a backup", "label[for='statement_backup']"),
        {
            content: "Confirm, although something is missing",
            trigger: "#consent button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It says what, and keeps the ticks",
            trigger:
                "#errors, #error_statement_present, #statement_backup:checked, #recording_no:checked",
        },
        tick("Accept the price list", "input[name^='version_']:not(:checked)"),
        tick("I am entitled", "#statement_entitled"),
        tick("I will be there", "#statement_present"),
        {
            content: "Confirm",
            trigger: "#consent button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {content: "Thank you", trigger: "#thanks"},
    ],
});
