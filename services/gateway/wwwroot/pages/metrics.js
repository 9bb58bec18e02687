import { get } from "../api.js";
import { h, s, table } from "../dom.js";
import { day, number, t, time, took } from "../i18n.js";

export async function show(main) {
  const payouts = await get("/api/metrics/payouts");
  const days = payouts.days.slice(-30);
  main.append(...[
    h("h1", null, t("metrics.title")),
    h("p", { class: "lead" }, t("metrics.lead")),
    h("dl", { class: "facts" }, [["count", number(payouts.count)], ["median", took(payouts.medianMs)], ["p90", took(payouts.p90Ms)], ["p99", took(payouts.p99Ms)]]
      .map(([name, value]) => h("div", null, h("dt", null, t(`metrics.${name}`)), h("dd", { "data-fact": name }, value)))),
    h("p", null, h("a", { class: "usa-button usa-button--outline", href: "/api/metrics/payouts.csv", download: "payouts.csv" }, t("metrics.csv"))),
    h("div", { class: "panel" },
      h("h2", null, t("metrics.byDay")),
      days.length === 0 ? h("p", null, t("metrics.none")) : h("div", { class: "beside" },
        h("figure", null, chart(days), legend()),
        table(t("metrics.table"),
          [{ text: t("metrics.day") }, { text: t("metrics.count"), num: true }, { text: t("metrics.median"), num: true }, { text: t("metrics.p90"), num: true }, { text: t("metrics.p99"), num: true }],
          days.map((one) => [day(one.day), number(one.count), took(one.medianMs), took(one.p90Ms), took(one.p99Ms)])))),
    payouts.slowest.length > 0 && h("div", { class: "panel" }, h("h2", null, t("metrics.slowest")),
      table(t("metrics.slowest"), [{ text: t("metrics.claim") }, { text: t("metrics.took"), num: true }, { text: t("metrics.at") }],
        payouts.slowest.map((one) => [h("code", null, one.claimId), took(one.ms), time(one.at)]))),
  ].filter(Boolean));
}

const kinds = [["p99Ms", "p99"], ["p90Ms", "p90"], ["medianMs", "p50"]];

// Bars behind one another: the 99th percentile, before it the 90th, before that the median.
function chart(days) {
  const [width, height, left, bottom, top] = [560, 280, 72, 30, 12];
  const most = Math.max(...days.map((one) => one.p99Ms), 1);
  const scale = nice(most);
  const y = (ms) => height - bottom - (Math.min(ms, scale) / scale) * (height - bottom - top);
  const step = (width - left) / days.length;
  const bar = Math.min(step * 0.7, 48);
  const every = Math.ceil(days.length / 6);
  const last = days[days.length - 1];
  return s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": "chart-title chart-text" },
    s("title", { id: "chart-title" }, t("metrics.byDay")),
    s("desc", { id: "chart-text" }, t("metrics.chart", { from: day(days[0].day), to: day(last.day), median: took(last.medianMs), p99: took(most) })),
    [0, 0.25, 0.5, 0.75, 1].map((part) => [
      s("line", { class: part === 0 ? "axis" : "grid", x1: left, x2: width, y1: y(scale * part), y2: y(scale * part) }),
      s("text", { x: left - 8, y: y(scale * part) + 4, "text-anchor": "end" }, took(scale * part)),
    ]),
    days.map((one, place) => {
      const x = left + step * place + (step - bar) / 2;
      return [
        kinds.map(([key, name]) => s("rect", { class: name, x, width: bar, y: y(one[key]), height: Math.max(1, height - bottom - y(one[key])) })),
        place % every === 0 && s("text", { x: x + bar / 2, y: height - 8, "text-anchor": "middle" }, day(one.day)),
      ];
    }));
}

function nice(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((factor) => factor * power).find((value) => value >= most);
}

function legend() {
  return h("ul", { class: "legend" }, [["p50", "median"], ["p90", "p90"], ["p99", "p99"]].map(([name, key]) =>
    h("li", null, s("svg", { class: "chart", viewBox: "0 0 10 10", "aria-hidden": "true" }, s("rect", { class: name, width: 10, height: 10 })), t(`metrics.${key}`))));
}
