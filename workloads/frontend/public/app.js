// Sends the forms as JSON and shows the answers; all text goes in as text, never as markup.

/** The demo user, as the seeded database has it: the page knows no others. */
const DEMO_USER = 1

/** Request bodies by the form's kind. */
const bodies = {
  'job-description': (fields) => ({
    input_data: {
      position: fields.position,
      level: fields.level,
      skills: fields.skills
        .split(',')
        .map((skill) => skill.trim())
        .filter(Boolean),
    },
  }),
  questions: (fields) => fields,
  resume: ({ notes, ...texts }) => ({ ...texts, report: { status: 'success', data: { notes } } }),
}

for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit(form)
  })
}

async function submit(form) {
  const button = form.querySelector('button')
  if (button.getAttribute('aria-disabled') === 'true') return
  const output = form.parentElement.querySelector('output')
  // Not the disabled attribute: that would take the focus away.
  button.setAttribute('aria-disabled', 'true')
  output.replaceChildren(element('p', 'Working on it…', 'about'))
  try {
    const response = await fetch(`/api/${form.dataset.kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...bodies[form.dataset.kind](Object.fromEntries(new FormData(form))), user_id: DEMO_USER }),
    })
    const answer = await response.json()
    output.replaceChildren(...(response.ok ? success(answer) : failure(answer)))
  } catch {
    output.replaceChildren(element('p', 'The page cannot reach its server. Try again in a moment.', 'failed'))
  } finally {
    button.removeAttribute('aria-disabled')
  }
}

function success(answer) {
  const seconds = (answer.latency_ms / 1000).toFixed(1)
  return [render(answer.data), element('p', `Stored as result ${answer.id} after ${seconds} s`, 'about')]
}

function failure(answer) {
  return [element('p', answer.error?.message ?? 'The request failed.', 'failed')]
}

/** Any JSON value as a list, a list of terms, or a text. */
function render(value) {
  if (Array.isArray(value)) {
    const list = element('ul')
    for (const item of value) list.append(wrap('li', render(item)))
    return list
  }
  if (typeof value === 'object' && value !== null) {
    const terms = element('dl')
    for (const [name, part] of Object.entries(value)) {
      terms.append(element('dt', name.replaceAll('_', ' ')), wrap('dd', render(part)))
    }
    return terms
  }
  return document.createTextNode(String(value))
}

function element(name, text = '', className = '') {
  const made = document.createElement(name)
  made.textContent = text
  if (className) made.className = className
  return made
}

function wrap(name, child) {
  const made = element(name)
  made.append(child)
  return made
}
