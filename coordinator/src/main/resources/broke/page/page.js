"use strict";

const every = 2000;
const byId = (id) => document.getElementById(id);
let key = sessionStorage.getItem("broke-key") || "";
let next = 0;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function gib(bytes) {
  return (bytes / 2 ** 30).toFixed(bytes < 10 * 2 ** 30 ? 1 : 0) + " GB";
}

/** Headers for a call, with the key if there is one. */
function keyed(more) {
  return { ...(key ? { Authorization: `Bearer ${key}` } : {}), ...more };
}

function example() {
  const header = key ? ' \\\n  -H "Authorization: Bearer $BROKE_API_KEY"' : "";
  return `curl ${location.origin}/v1/chat/completions${header} \\
  -H "Content-Type: application/json" \\
  -d '{"model": "auto", "stream": true,
       "messages": [{"role": "user", "content": "Why is the sky blue?"}]}'`;
}

const stateClass = { up: "good", draining: "warn", joining: "warn", leaving: "warn" };
const modelHow = (model) =>
  model.state === "loading" && model.progress !== undefined
    ? `loading ${Math.round(model.progress * 100)} %`
    : model.running || model.waiting
      ? `${model.running} running${model.waiting ? `, ${model.waiting} waiting` : ""}`
      : model.state;

function fact(list, name, value) {
  list.append(element("dt", "", name), element("dd", "", value));
}

/** Words and bar say the same: what is in use or kept for the system, and what is left for models. */
function memory(node, facts, item) {
  const taken = Math.max(0, node.memoryBytes - node.memoryFreeBytes);
  const words = `${gib(taken)} of ${gib(node.memoryBytes)} in use or reserved, ${gib(node.memoryFreeBytes)} left for models`;
  fact(facts, "Memory", words);
  const bar = element("div", "bar");
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", words);
  const fill = element("span");
  fill.style.width = `${Math.min(100, (100 * taken) / node.memoryBytes)}%`;
  bar.append(fill);
  item.append(bar);
}

function card(node) {
  const item = element("li", "node");
  const head = element("div", "row");
  head.append(element("h3", "", node.name));
  head.append(element("span", `state ${stateClass[node.state] || "bad"}`, node.state));
  item.append(head);
  const facts = element("dl");
  const runsModels = node.models.length > 0 || (node.roles || []).includes("node");
  if (node.chip || runsModels) {
    fact(facts, "Chip", (node.chip || "unknown") + (node.simulated ? " (simulated)" : ""));
  }
  if ((node.roles || []).includes("coordinator")) {
    fact(facts, "Role", runsModels ? "coordinator, and runs models" : "coordinator: decides, runs no models");
  }
  if (node.away) fact(facts, "Away", node.away);
  item.append(facts);
  if (node.memoryBytes > 0) memory(node, facts, item);
  const models = element("ul", "models");
  for (const model of node.models) {
    const line = element("li");
    line.append(element("span", "name", `${model.id} · ${model.tier}`));
    line.append(element("span", "how", modelHow(model)));
    if (model.reason) line.title = model.reason;
    models.append(line);
  }
  if (node.models.length === 0 && runsModels) models.append(element("li", "how", "no models here"));
  item.append(models);
  return item;
}

function show(nodes) {
  const up = nodes.filter((node) => node.state === "up").length;
  const running = nodes.reduce((sum, node) => sum + node.running, 0);
  byId("summary").textContent = `${up} of ${nodes.length} up, ${running} running`;
  byId("nodes").replaceChildren(...nodes.map(card));
}

/** The form for a key where one is needed, and whether the one given is wrong. */
function wantKey(wanted) {
  const form = byId("key-form");
  if (!wanted && form.contains(document.activeElement)) byId("prompt").focus();
  form.hidden = !wanted;
  byId("key-note").textContent = wanted && key ? "The key you gave is not valid here" : "";
}

async function refresh() {
  clearTimeout(next);
  try {
    const used = key;
    const response = await fetch("/api/nodes", { headers: keyed(), signal: AbortSignal.timeout(5000) });
    if (used === key) wantKey(response.status === 401);
    if (response.ok) show(await response.json());
    else if (response.status === 401) byId("summary").textContent = "Shown to those who have a key";
    else byId("summary").textContent = `The edge answers ${response.status}`;
  } catch (problem) {
    byId("summary").textContent = "The edge does not answer; trying again";
  }
  clearTimeout(next);
  next = setTimeout(refresh, every);
}

byId("base").textContent = `${location.origin}/v1`;
byId("example").textContent = example();
byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  key = byId("key").value.trim();
  sessionStorage.setItem("broke-key", key);
  byId("example").textContent = example();
  byId("key-note").textContent = "";
  refresh();
});
for (const link of document.querySelectorAll(".links a")) {
  link.addEventListener("click", async (event) => {
    if (!key) return;
    event.preventDefault(); // a link alone cannot carry the key
    const response = await fetch(link.href, { headers: keyed() });
    location.assign(URL.createObjectURL(await response.blob()));
  });
}
if (navigator.clipboard) {
  byId("copy").hidden = false;
  byId("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(example());
    byId("copy").textContent = "Copied";
    setTimeout(() => (byId("copy").textContent = "Copy"), 1500);
  });
}
refresh();
