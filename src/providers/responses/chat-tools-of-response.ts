// Owns: a response's tools and the choice among them as a chat's. Does not own: calls and their results (chat-messages-of-input.ts).

import { refuseOthers } from '../translation/field-rules.ts';
import {
  isAbsent,
  isObject,
  type JsonObject,
  readList,
  readPart,
  readText,
  unsupportedField,
} from '../wire/body-fields.ts';

const FUNCTION_FIELDS = ['name', 'description', 'parameters', 'strict'] as const;
const CUSTOM_FIELDS = ['name', 'description', 'format'] as const;

/** The chat's tools. Throws `unsupported_parameter` for those that run at a provider, whose price no meter knows. */
export function toolsOf(asked: JsonObject): readonly Record<string, unknown>[] {
  return readList(asked, 'tools').map((tool, index) => toolOf(tool, `tools[${index}]`));
}

function toolOf(value: unknown, path: string): Record<string, unknown> {
  const tool = readPart(value, path);
  readToolType(tool.type, `${path}.type`);
  const names = tool.type === 'function' ? FUNCTION_FIELDS : CUSTOM_FIELDS;
  refuseOthers(tool, { carried: new Set(['type', ...names]) }, `${path}.`);
  const named: Record<string, unknown> = {};
  for (const name of names) if (!isAbsent(tool[name])) named[name] = tool[name];
  named.name = readText(tool.name, `${path}.name`);
  if (tool.type === 'custom' && isObject(tool.format)) named.format = formatOf(tool.format);
  return { type: tool.type, [tool.type]: named };
}

/** A chat has a grammar's fields one level down. */
function formatOf(format: JsonObject): unknown {
  const { type, ...grammar } = format;
  return type === 'grammar' ? { type, grammar } : format;
}

/** The chat's choice: a word, one tool, or some of them. */
export function toolChoiceOf(choice: unknown): unknown {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  if (isObject(choice)) {
    if (choice.type === 'allowed_tools') {
      const tools = readList(choice, 'tools').map((tool, index) => toolNamed(tool, `tool_choice.tools[${index}]`));
      return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools } };
    }
    return toolNamed(choice, 'tool_choice');
  }
  throw unsupportedField('tool_choice', 'must be `auto`, `none`, `required`, one tool, or `allowed_tools`.');
}

function toolNamed(value: unknown, path: string): Record<string, unknown> {
  const tool = readPart(value, path);
  readToolType(tool.type, `${path}.type`);
  return { type: tool.type, [tool.type]: { name: readText(tool.name, `${path}.name`) } };
}

function readToolType(type: string, path: string): void {
  if (type === 'function' || type === 'custom') return;
  throw unsupportedField(
    path,
    `tools of type "${type.slice(0, 40)}" run at a provider and are not offered. Use functions of your own.`,
  );
}
