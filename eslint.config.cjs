// OCA's rules for Odoo's JavaScript, as far as they find mistakes; layout is
// Prettier's. `require` finds packages in the platform, through NODE_PATH.
const globals = require("globals");

const rules = {
    "array-callback-return": "error",
    "consistent-return": "error",
    eqeqeq: "error",
    "no-constant-condition": "error",
    "no-dupe-keys": "error",
    "no-redeclare": "error",
    "no-shadow": "error",
    "no-undef": "error",
    "no-unreachable": "error",
    "no-unused-vars": "error",
    "no-use-before-define": "error",
    "no-var": "error",
    "prefer-const": "error",
};

module.exports = [
    {ignores: [".platform/", "node_modules/", "static/lib/"]},
    {
        files: ["**/*.esm.js", "**/*.test.js"],
        languageOptions: {globals: globals.browser, sourceType: "module"},
        rules,
    },
    {
        files: ["**/*.cjs", "dev/**/*.js"],
        languageOptions: {globals: globals.node, sourceType: "commonjs"},
        rules,
    },
];
