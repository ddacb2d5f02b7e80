"use strict";

const requestsEvery = 3000;
const requestsShown = 10;
const stateOfRequest = { completed: "good", failed: "bad", refused: "bad", cancelled: "warn" };
const stateOfColor = { green: "good", yellow: "warn", orange: "bad", red: "bad" };
let opened = null;

function time(ms) {
  if (ms === undefined || ms === null) return "unknown";
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function risk(of) {
  return of.qualityTemperature ?? of.quality;
}

function place(of) {
  return of.model && of.node ? `${of.model} on ${of.node}` : `asked for ${of.modelAsked || "auto"}`;
}

function candidate(of) {
  const item = element("li", of.verdict === "chosen" ? "chosen" : "");
  const head = element("div", "row");
  head.append(element("span", "name", place(of)));
  head.append(element("span", of.verdict === "chosen" ? "good" : "soft", of.verdict.replaceAll("_", " ")));
  item.append(head);
  if (of.why) item.append(element("div", "", of.why));
  const figures = [];
  if (of.score !== undefined) figures.push(`score ${of.score}`);
  if (risk(of) !== undefined) figures.push(`risk ${risk(of)}`);
  if (of.firstTokenMs !== undefined) figures.push(`first token ${time(of.firstTokenMs)}`);
  if (of.finishMs !== undefined) figures.push(`whole ${time(of.finishMs)}`);
  if (of.state && of.state !== "loaded") figures.push(of.state);
  item.append(element("div", "soft", figures.join(" · ")));
  return item;
}

/** What was asked, what was promised, every place that came into question, and what would change it. */
function explained(why) {
  const box = element("div", "why");
  const asked = why.asked;
  if (asked) {
    box.append(
      element(
        "p",
        "",
        `Asked for ${asked.model}; aims at ${asked.targetTier}, strategy ${asked.strategy},` +
          ` ${asked.trafficClass}; ${asked.promptTokens} tokens of prompt,` +
          ` about ${asked.expectedTokens} of answer.`,
      ),
    );
  }
  const line = element("p", "", `${why.outcome === "chosen" ? "Went to" : "No place"}: ${why.message}. `);
  if (why.chosen) {
    const color = why.chosen.qualityColor;
    line.append(`Promised: first token ${time(why.chosen.firstTokenMs)}, whole ${time(why.chosen.finishMs)}; `);
    line.append(element("span", stateOfColor[color] || "", `risk ${why.chosen.qualityTemperature}, ${color}`), ".");
  }
  if (why.because) line.append(` ${why.because}.`);
  box.append(line);
  const list = element("ol");
  list.append(...(why.candidates || []).map(candidate));
  box.append(list);
  if (why.omitted) box.append(element("p", "soft", `${why.omitted} more are not shown`));
  if (why.whatWouldFlip) box.append(element("p", "", `It would have gone elsewhere ${why.whatWouldFlip}.`));
  return box;
}

/** How it ended where that was not well, and how to ask for more in a terminal. */
function ended(request) {
  const box = element("div", "why");
  if (request.error) {
    const tries = request.attempts > 1 ? ` in ${request.attempts} attempts` : "";
    const made = request.completionTokens ? `; ${request.completionTokens} tokens had been made` : "";
    const why = request.state === "cancelled" ? "by its client" : request.error;
    box.append(element("p", stateOfRequest[request.state] || "", `${request.state}${tries}: ${why}${made}.`));
  }
  const more = element("p", "soft");
  const where = location.port === "8000" ? "" : ` --url ${location.origin}`;
  more.append("In a terminal: ", element("code", "", `./broke explain ${request.request}${where}`));
  box.append(more);
  return box;
}

async function whyOf(id) {
  try {
    const response = await fetch(`/api/requests/${encodeURIComponent(id)}/explain`, {
      headers: keyed(),
      signal: AbortSignal.timeout(10000),
    });
    if (response.ok) return explained(await response.json());
    return element("p", "why soft", await problemOf(response));
  } catch (problem) {
    return element("p", "why soft", "The edge does not answer");
  }
}

function requestLine(request) {
  const item = element("li");
  const button = element("button");
  button.type = "button";
  button.append(element("span", "how", new Date(request.at).toLocaleTimeString()));
  button.append(element("span", "place", place(request)));
  const known = request.firstTokenMs !== null && request.firstTokenMs !== undefined;
  const took = known ? `first token ${time(request.firstTokenMs)}, whole ${time(request.totalMs)}` : "no token";
  button.append(element("span", "how", took));
  button.append(element("span", `state ${stateOfRequest[request.state] || "warn"}`, request.state));
  button.setAttribute("aria-expanded", String(opened?.id === request.request));
  button.addEventListener("click", async () => {
    const again = opened?.id === request.request;
    opened = again ? null : { id: request.request, why: element("p", "why soft", "asking …") };
    showRequests.draw();
    if (again) return;
    const mine = opened;
    mine.why = await whyOf(request.request);
    showRequests.draw();
  });
  item.append(button);
  if (opened?.id === request.request) item.append(ended(request), opened.why);
  return item;
}

/** The list as it came last; drawn again when one is opened. */
const showRequests = {
  last: [],
  trouble: "",
  draw() {
    const focused = document.activeElement?.closest("#requests > li");
    const index = focused ? [...byId("requests").children].indexOf(focused) : -1;
    byId("requests").replaceChildren(...this.last.map(requestLine));
    if (this.last.length === 0) byId("requests").append(element("li", "how", this.trouble || "none yet"));
    if (index >= 0) byId("requests").children[index]?.querySelector("button")?.focus();
  },
};

async function refreshRequests() {
  try {
    if (!document.hidden && !opened) {
      const response = await fetch(`/api/history?limit=${requestsShown}`, {
        headers: keyed(),
        signal: AbortSignal.timeout(10000),
      });
      const trouble = response.ok ? "" : await problemOf(response);
      const next = response.ok ? (await response.json()).items : [];
      const changed = JSON.stringify(next) !== JSON.stringify(showRequests.last);
      if (!opened && (changed || trouble !== showRequests.trouble)) {
        showRequests.last = next;
        showRequests.trouble = trouble;
        showRequests.draw();
      }
    }
  } catch (problem) {
    // The line above the nodes says that the edge does not answer.
  }
  setTimeout(refreshRequests, requestsEvery);
}

showRequests.draw();
refreshRequests();
