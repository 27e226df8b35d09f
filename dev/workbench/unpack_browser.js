// Unpack what the package brings: node unpack_browser.js PACKAGE_FOLDER TARGET
// The files are compressed with Brotli, which Node.js reads and Python does not.

const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");

const [source, target] = process.argv.slice(2);
for (const name of fs.readdirSync(source)) {
    const content = zlib.brotliDecompressSync(fs.readFileSync(path.join(source, name)));
    fs.writeFileSync(path.join(target, path.parse(name).name), content);
}
