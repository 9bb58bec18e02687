// The door's OpenAPI document, to read.

import { get } from "../api.js";
import { h, table } from "../dom.js";
import { t } from "../i18n.js";

const verbs = ["get", "post", "put", "delete"];

export async function show(main) {
  const api = await get("/openapi/v1.json");
  const tags = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const verb of verbs.filter((one) => item[one])) {
      const tag = item[verb].tags?.[0] ?? "";
      tags.set(tag, [...(tags.get(tag) ?? []), { path, verb, ...item[verb] }]);
    }
  }
  main.append(
    h("h1", null, t("api.title")),
    h("p", { class: "lead" }, t("api.lead")),
    h("pre", { class: "code", tabindex: "0", role: "region", "aria-label": t("api.example") },
      `curl -H "Authorization: Bearer $(./mesh token citizen diego)" ${location.origin}/api/claims\ncurl -H "X-API-Key: $(./mesh token apikey)" ${location.origin}/api/capacity/dormitories`),
    h("p", null, h("a", { class: "usa-link", href: "/openapi/v1.json" }, t("api.document"))),
    [...tags].map(([tag, operations]) => h("section", { class: "operations", "aria-labelledby": `tag-${tag}` },
      h("h2", { id: `tag-${tag}` }, tag),
      operations.map((operation) => show1(operation, api)))).reduce((all, one) => (all.append(one), all), h("div", { lang: "en" })));
}

function show1({ path, verb, summary, description, parameters, requestBody, responses }, api) {
  const given = (parameters ?? []).map((one) => [h("code", null, one.name), one.in, one.description ?? ""]);
  return h("details", { class: "operation" },
    h("summary", null, h("span", { class: `verb ${verb}` }, verb.toUpperCase()), " ", h("code", null, path), " ", h("span", null, summary ?? "")),
    h("div", { class: "operation-body" },
      description && h("p", null, description.split("`").map((part, place) => (place % 2 ? h("code", null, part) : part))),
      given.length > 0 && table(`${t("api.parameters")} ${verb} ${path}`, [t("api.name"), t("api.in"), t("api.about")].map((text) => ({ text })), given),
      requestBody && shape(`${t("api.body")} ${verb} ${path}`, t("api.body"), requestBody.content, api),
      h("h3", null, t("api.answers")),
      h("dl", { class: "answers" }, Object.entries(responses).map(([status, answer]) => h("div", null, h("dt", null, status), h("dd", null, answer.description || "")))),
      Object.entries(responses).filter(([status]) => status < "300").map(([status, answer]) => answer.content && shape(`${status} ${verb} ${path}`, status, answer.content, api))));
}

function shape(label, heading, content, api) {
  const [type, { schema }] = Object.entries(content)[0];
  return [
    h("h3", null, heading, " ", h("span", { class: "muted" }, Object.keys(content).join(", "))),
    type.includes("json") && h("pre", { class: "code", tabindex: "0", role: "region", "aria-label": label }, JSON.stringify(example(schema, api, 0), null, 2)),
  ];
}

/** What a value of the schema looks like. */
function example(schema, api, depth) {
  if (!schema || depth > 5) return {};
  if (schema.$ref) return example(api.components.schemas[schema.$ref.split("/").pop()], api, depth + 1);
  if (schema.enum) return schema.enum[0];
  const one = schema.oneOf?.find((part) => part.type !== "null");
  if (one) return example(one, api, depth + 1);
  const types = [schema.type].flat();
  if (types.includes("array")) return [example(schema.items, api, depth + 1)];
  if (schema.properties) return Object.fromEntries(Object.entries(schema.properties).map(([name, part]) => [name, example(part, api, depth + 1)]));
  if (types.includes("boolean")) return true;
  if (types.includes("integer") || types.includes("number")) return schema.minimum ?? 0;
  return { "date-time": "2026-11-02T09:00:00Z", date: "2026-10-30", binary: "" }[schema.format] ?? (types.includes("string") ? "text" : {});
}
