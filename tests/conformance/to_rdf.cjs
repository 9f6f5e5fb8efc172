// What jsonld.js reads in documents: `node to_rdf.cjs ENTRY < {"documents": {url: body}, "contexts": {url: body}}`.
const jsonld = require(process.argv[2]);

let text = "";
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", async () => {
  const { documents, contexts } = JSON.parse(text);
  const documentLoader = async (url) => ({ contextUrl: null, documentUrl: url, document: contexts[url] });
  const found = {};
  for (const [base, document] of Object.entries(documents)) {
    found[base] = await jsonld.canonize(document, { base, documentLoader, algorithm: "RDFC-1.0", format: "application/n-quads", safe: false });
  }
  process.stdout.write(JSON.stringify(found));
});
