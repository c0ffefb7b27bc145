// Owns: reading a file's syntax tree and the few questions the rules ask of it.
// Does not own: what is allowed (syntax-rules.ts).

import ts from 'typescript-6';
import type { SourceFile } from './rule.ts';

export interface FunctionShape {
  readonly name: string;
  /**
   * First to last line, nested functions included. A factory (`create…`) is the container of the functions it hands out, as a
   * class would be: those count for themselves.
   */
  readonly lines: number;
  readonly parameters: number;
}

/** Dotted names that are called or read, plus `new Date()` and `Date()` where they stand without arguments. */
export function callsAndReads(file: SourceFile): string[] {
  return nodesOf(file).flatMap((node) => {
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return dottedName(node);
    if (isBare(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Date') {
      return [ts.isNewExpression(node) ? 'new Date()' : 'Date()'];
    }
    return [];
  });
}

/** Every function, method and arrow function with a body. */
export function functionsOf(file: SourceFile): FunctionShape[] {
  const tree = parse(file);
  return descendants(tree).flatMap((node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return [];
    const name = functionName(node);
    const held = /^create[A-Z]/.test(name) ? outermostFunctions(node.body) : [];
    const lines = held.reduce((rest, inner) => rest - lineSpan(tree, inner), lineSpan(tree, node));
    return [{ name, lines, parameters: node.parameters.length }];
  });
}

/** Classes that extend something other than an error. */
export function inheritingClasses(file: SourceFile): string[] {
  return nodesOf(file).flatMap((node) => {
    if (!ts.isClassLike(node)) return [];
    const parents = (node.heritageClauses ?? [])
      .filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
      .flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
    return parents.filter((parent) => !parent.endsWith('Error')).map((parent) => `a class extends ${parent}`);
  });
}

/** Statements outside any function that do something when the module is loaded. */
export function topLevelActions(file: SourceFile): string[] {
  const tree = parse(file);
  return tree.statements.flatMap((statement) => {
    const text = statement.getText(tree).split('\n')[0] ?? '';
    const declares =
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isVariableStatement(statement) ||
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isModuleDeclaration(statement) ||
      ts.isExportAssignment(statement);
    if (!declares) return [`acts when imported: ${text}`];
    return awaitsOutsideFunctions(statement) ? [`waits when imported: ${text}`] : [];
  });
}

function lineSpan(tree: ts.SourceFile, node: ts.Node): number {
  const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
  return tree.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
}

/** Functions below a node that are not within another function below it. */
function outermostFunctions(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  ts.forEachChild(
    node,
    (child) => void found.push(...(ts.isFunctionLike(child) ? [child] : outermostFunctions(child))),
  );
  return found;
}

function awaitsOutsideFunctions(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => awaitsOutsideFunctions(child) || undefined) ?? false;
}

function isBare(node: ts.Node): node is ts.NewExpression | ts.CallExpression {
  return (ts.isNewExpression(node) || ts.isCallExpression(node)) && (node.arguments ?? []).length === 0;
}

function dottedName(node: ts.Expression): string[] {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node)) {
    return dottedName(node.expression).map((start) => `${start}.${node.name.text}`);
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)) {
    const { text } = node.argumentExpression;
    return dottedName(node.expression).map((start) => `${start}.${text}`);
  }
  return [];
}

function functionName(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  const named = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  return named ? parent.name.getText() : 'an unnamed function';
}

function nodesOf(file: SourceFile): ts.Node[] {
  return descendants(parse(file));
}

function descendants(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [node];
  ts.forEachChild(node, (child) => void found.push(...descendants(child)));
  return found;
}

const trees = new WeakMap<SourceFile, ts.SourceFile>();

function parse(file: SourceFile): ts.SourceFile {
  const known = trees.get(file);
  if (known !== undefined) return known;
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  trees.set(file, tree);
  return tree;
}
