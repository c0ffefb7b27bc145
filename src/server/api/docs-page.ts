// Owns: the documentation as one page that needs no script and asks for nothing else, made from the OpenAPI document. Not: its styles (docs-page-style.ts).

import { createHash } from 'node:crypto';
import { DOCS_PAGE_STYLE } from './docs-page-style.ts';
import { typeText } from './json-schema-text.ts';
import type { OpenapiDocument } from './openapi-document.ts';
import type { Content, Operation, Parameter } from './openapi-operation.ts';

/** What a browser may do with the page: show it. There is no script, and the one style is named by its hash. */
export const DOCS_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(DOCS_PAGE_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Place {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The page. */
export function renderDocsPage(document: OpenapiDocument): string {
  const places = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Place => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = document.tags.map(({ name }) => ({
    name,
    places: places.filter(({ operation }) => operation.tags.includes(name)),
  }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(document.info.title)} API</title>
<style>${DOCS_PAGE_STYLE}</style>
</head>
<body>
<nav aria-label="Contents">
<p class="brand">${escapeHtml(document.info.title)} <small>${escapeHtml(document.info.version)}</small></p>
${groups.map(renderContents).join('\n')}
</nav>
<main>
<h1>${escapeHtml(document.info.title)} API</h1>
${prose(document.info.description)}
<p><a href="/openapi.json">OpenAPI 3.1 document</a> for tools. Open an entry for its parameters, body, answers and a request to paste.</p>
${groups.map((group) => renderGroup(document, group.name, group.places)).join('\n')}
</main>
</body>
</html>
`;
}

function renderContents({ name, places }: { readonly name: string; readonly places: readonly Place[] }): string {
  const links = places.map(
    ({ operation }) => `<li><a href="#${operation.operationId}">${escapeHtml(operation.summary)}</a></li>`,
  );
  return `<details><summary>${escapeHtml(name)}</summary><ul>${links.join('')}</ul></details>`;
}

function renderGroup(document: OpenapiDocument, name: string, places: readonly Place[]): string {
  const entries = places.map((place) => renderOperation(document, place));
  return `<section aria-label="${escapeHtml(name)}"><h2>${escapeHtml(name)}</h2>\n${entries.join('\n')}</section>`;
}

function renderOperation(document: OpenapiDocument, place: Place): string {
  const { method, path, operation } = place;
  const { operationId, summary, description, requestBody } = operation;
  const role = operation['x-weir-role'];
  return `<details class="operation" id="${operationId}">
<summary><span class="method ${method.toLowerCase()}">${method}</span> <code>${escapeHtml(path)}</code> <span class="what">${escapeHtml(summary)}</span></summary>
<p class="role">Least role: <strong>${escapeHtml(role)}</strong> · <code>${operationId}</code></p>
${description === undefined ? '' : prose(description)}
${renderParameters(document, operation.parameters ?? [])}
${requestBody === undefined ? '' : `<h3>Body</h3>${renderContent(document, requestBody.content)}`}
<h3>Answers</h3>
${renderResponses(document, operation)}
<h3>Request</h3>
<pre tabindex="0" aria-label="Request">${escapeHtml(curlText(place))}</pre>
</details>`;
}

function renderParameters(document: OpenapiDocument, parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map((given) => {
    const parameter =
      given.$ref === undefined ? given : (document.components.parameters[lastPart(given.$ref)] ?? given);
    const { name = '', required, description = '', schema = {} } = parameter;
    const initial = schema.default === undefined ? '' : ` = ${JSON.stringify(schema.default)}`;
    return `<tr><th scope="row"><code>${escapeHtml(name)}</code></th><td>${parameter.in}${required === true ? ', required' : ''}</td><td><code>${escapeHtml(typeText(schema) + initial)}</code></td><td>${inline(description)}</td></tr>`;
  });
  return `<h3>Parameters</h3><table><tbody>${rows.join('')}</tbody></table>`;
}

function renderContent(document: OpenapiDocument, content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const named = schema.$ref === undefined ? schema : (document.components.schemas[lastPart(schema.$ref)] ?? schema);
      const text = typeText(named, { withComments: true });
      return `<p class="type">${escapeHtml(type)}</p><pre tabindex="0" aria-label="${escapeHtml(type)}">${escapeHtml(text)}</pre>`;
    })
    .join('');
}

function renderResponses(document: OpenapiDocument, operation: Operation): string {
  const entries = Object.entries(operation.responses).map(([status, response]) => {
    const name = response.$ref === undefined ? undefined : lastPart(response.$ref);
    const description = name === undefined ? response.description : document.components.responses[name]?.description;
    const codes =
      name === undefined
        ? ''
        : name
            .split('.')
            .map((code) => `<code>${escapeHtml(code)}</code>`)
            .join(' ');
    const content = response.content === undefined ? '' : renderContent(document, response.content);
    return `<dt>${status} ${codes}</dt><dd>${prose(description ?? '')}${content}</dd>`;
  });
  return `<dl>${entries.join('')}</dl>`;
}

/** A request that a shell takes as it is, once its variables are set. */
function curlText({ method, path, operation }: Place): string {
  const address = `"$WEIR_URL${path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => `$${name.toUpperCase()}`)}"`;
  const isOpen = operation.security.length === 0;
  const credential = operation.tags.includes('Gateway') ? '$WEIR_KEY' : '$WEIR_TOKEN';
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${address}`,
    ...(isOpen ? [] : [`-H "authorization: Bearer ${credential}"`]),
    ...(operation.requestBody === undefined ? [] : ["-H 'content-type: application/json'", "-d '{…}'"]),
  ].join(' \\\n  ');
}

const lastPart = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);

/** Paragraphs, with `code` and **strong**. */
function prose(text: string): string {
  return text
    .split(/\n\n+/)
    .map((paragraph) => `<p>${inline(paragraph)}</p>`)
    .join('\n');
}

function inline(text: string): string {
  return escapeHtml(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
