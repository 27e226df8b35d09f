import {expect, test} from "@odoo/hoot";
import {
    getService,
    makeMockEnv,
    mountWithCleanup,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {WebClient} from "@web/webclient/webclient";
import {browser} from "@web/core/browser/browser";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import "@helpdesk_service_contract/open_program/open_program.esm";

defineMailModels();

test("a program is opened by its own scheme", async () => {
    patchWithCleanup(browser, {
        open: (url, target) => expect.step(`${url} ${target}`),
    });
    await makeMockEnv();
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "service_open_program",
        params: {url: "anydesk:123456789"},
    });
    expect.verifySteps(["anydesk:123456789 _self"]);
});
