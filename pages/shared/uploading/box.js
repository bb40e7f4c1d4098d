const ROOT = "/upload/material";
const TRIES = 8;

const said = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name] ?? "");
const mb = (bytes) => (bytes / 1e6).toFixed(1).replace(".", ",");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const memory = (file, course, replaces) =>
  `cno-upload:${course}:${replaces ?? ""}:${file.name}:${file.size}:${file.lastModified}`;

async function call(path, options = {}) {
  const answer = await fetch(ROOT + path, { ...options, headers: { "X-CNO-Upload": "1" }, credentials: "same-origin" });
  const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  return { status: answer.status, ...told };
}

// Where an upload of this file stands: begun before, or announced now.
async function begun(file, data) {
  const place = memory(file, data.course, data.replaces);
  const key = localStorage.getItem(place);
  if (key) {
    const known = await call(`/${key}`);
    if (known.status === 200 && known.size === file.size) return known;
  }
  const body = JSON.stringify({ course: data.course, replaces: data.replaces ?? "", name: file.name, size: file.size });
  const made = await call("", { method: "POST", body });
  if (made.status === 201) localStorage.setItem(place, made.key);
  return made;
}

function line(list, words, onStop) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  const bar = document.createElement("progress");
  const stop = document.createElement("button");
  bar.max = 1;
  bar.value = 0;
  stop.type = "button";
  stop.textContent = words.stop;
  stop.onclick = onStop;
  item.append(text, bar, stop);
  list.append(item);
  return {
    show(sentence, part) {
      text.textContent = sentence;
      bar.setAttribute("aria-label", sentence);
      if (part !== undefined) bar.value = part;
    },
    end(sentence, failed) {
      text.textContent = sentence;
      text.className = failed ? "failed" : "";
      bar.remove();
      stop.remove();
    },
  };
}

async function send(file, data, list, onFail) {
  const words = data.words;
  let stopped = false;
  const row = line(list, words, () => (stopped = true));
  const place = memory(file, data.course, data.replaces);
  const failed = (why) => {
    const sentence = why.includes(file.name) ? why : said(words.failed, { name: file.name, why });
    row.end(sentence, true);
    onFail(sentence);
  };
  let state = null;
  for (let tries = 0; tries < TRIES; ) {
    try {
      state = state ?? (await begun(file, data));
      if (state.status === 401) return failed(words.signed_out);
      if (!state.key) return failed(state.message || words.unknown);
      while (state.received < state.size) {
        if (stopped) {
          await call(`/${state.key}`, { method: "DELETE" });
          localStorage.removeItem(place);
          return row.end(said(words.stopped, { name: file.name }));
        }
        const shown = { name: file.name, done: mb(state.received), all: mb(state.size) };
        row.show(said(words.busy, shown), state.received / state.size);
        const piece = file.slice(state.received, state.received + state.piece);
        const next = await call(`/${state.key}?at=${state.received}`, { method: "PATCH", body: piece });
        if (next.status === 401) return failed(words.signed_out);
        if (next.status !== 200) throw new Error(next.message);
        state = next;
        tries = 0;
      }
      row.show(said(words.checking, { name: file.name }), 1);
      const made = await call(`/${state.key}/finish`, { method: "POST" });
      if (made.status === 201) {
        localStorage.removeItem(place);
        row.end(said(words.done, { name: file.name }));
        return true;
      }
      if (made.status === 422) {
        await call(`/${state.key}`, { method: "DELETE" });
        localStorage.removeItem(place);
        return failed(made.message);
      }
      throw new Error(made.message);
    } catch (broken) {
      tries += 1;
      state = null; // asked anew: how far it really is
      row.show(said(words.again, { name: file.name }));
      await wait(Math.min(500 * 2 ** tries, 15000));
    }
  }
  return failed(words.unknown);
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const input = parentElement.querySelector("input");
  const area = parentElement.querySelector(".box");
  const list = parentElement.querySelector(".files");
  parentElement.querySelector(".choose span").textContent = data.words.choose;
  parentElement.querySelector(".drop").textContent = data.words.drop;
  input.accept = data.accept;
  input.multiple = !data.replaces;

  const take = async (files) => {
    const refused = [];
    let came = 0;
    for (const file of files) {
      if (await send(file, data, list, (sentence) => refused.push(sentence))) came += 1;
    }
    input.value = "";
    if (came) setTriggerValue("done", { came, refused }); // the page is drawn anew, and says what failed
  };
  input.onchange = () => take([...input.files]);
  area.ondragover = (event) => {
    event.preventDefault();
    area.classList.add("over");
  };
  area.ondragleave = () => area.classList.remove("over");
  area.ondrop = (event) => {
    event.preventDefault();
    area.classList.remove("over");
    take([...event.dataTransfer.files].slice(0, data.replaces ? 1 : undefined));
  };
}
