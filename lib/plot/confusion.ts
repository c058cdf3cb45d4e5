// A confusion matrix as a heat table: right answers in blue, mistakes in orange, the deeper the larger their share of the row.
import { escapeMarkup, type MimeBundle, pngBundle } from "./bundle.ts";
import { colorOf, cssColor, type Rgb, textColorOn } from "./color.ts";
import { shortNumber } from "./number.ts";
import { fitText, textWidth } from "./text.ts";

/** Counts with their margins: row = true class, column = predicted class. */
export interface ConfusionTable {
  readonly labels: readonly (string | number)[];
  readonly counts: readonly (readonly number[])[];
  /** Sums of the rows. */
  readonly actual: readonly number[];
  /** Sums of the columns. */
  readonly predicted: readonly number[];
  readonly total: number;
  readonly accuracy: number;
}

/** With more classes the numbers cannot be read any more, and only the colours are shown. */
const MOST_WRITTEN_CLASSES = 25;

/** The outputs of a confusion matrix. */
export async function confusionMatrixBundle(table: ConfusionTable): Promise<MimeBundle> {
  const { svgToPng } = await import("../io/rasterize.ts");
  const isWritten = table.labels.length <= MOST_WRITTEN_CLASSES;
  const picture = svgToPng(confusionSvg(table, isWritten), 2);
  const bundle = pngBundle(picture.png, picture, isWritten ? confusionText(table) : headline(table));
  if (isWritten) bundle["text/html"] = confusionHtml(table);
  return bundle;
}

function headline({ accuracy, total, labels }: ConfusionTable): string {
  return `confusion matrix of ${labels.length} classes, ${total} samples, accuracy ${shortNumber(accuracy)}`;
}

function confusionHtml(table: ConfusionTable): string {
  const { labels, counts, actual, predicted, total } = table;
  const header = labels.map((label) => `<th>${escapeMarkup(String(label))}</th>`).join("");
  const rows = counts.map((row, i) => {
    const cells = row.map((count, j) => {
      const color = cellColor(table, i, j);
      const style = color
        ? ` style="background-color: ${cssColor(color)}; color: ${textColorOn(color)}"`
        : "";
      return `<td${style}>${count}</td>`;
    });
    return `<tr><th>${escapeMarkup(String(labels[i]))}</th>${cells.join("")}<td><i>${actual[i]}</i></td></tr>`;
  });
  const sums = predicted.map((sum) => `<td><i>${sum}</i></td>`).join("");
  return (
    `<table><caption>${escapeMarkup(headline(table))}</caption>` +
    `<thead><tr><th>true ↓ &nbsp; predicted →</th>${header}<th>sum</th></tr></thead>` +
    `<tbody>${rows.join("")}<tr><th>sum</th>${sums}<td><i>${total}</i></td></tr></tbody></table>`
  );
}

function confusionText(table: ConfusionTable): string {
  const { labels, counts, actual, predicted, total } = table;
  const lines = [
    ["", ...labels.map(String), "sum"],
    ...counts.map((row, i) => [String(labels[i]), ...row.map(String), String(actual[i])]),
    ["sum", ...predicted.map(String), String(total)],
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) => line.map((cell, column) => cell.padStart(widths[column])).join("  "));
  return `${headline(table)} (row: true, column: predicted)\n${text.join("\n")}`;
}

function confusionSvg(table: ConfusionTable, isWritten: boolean): string {
  const { labels, counts, actual, predicted, total } = table;
  const size = 12;
  const widest = Math.max(...[...actual, ...predicted, total].map((sum) => textWidth(String(sum), size)));
  const cell = isWritten
    ? Math.ceil(Math.max(30, widest + 12))
    : Math.max(2, Math.floor(500 / labels.length));
  const labelWidth = isWritten
    ? Math.ceil(Math.min(140, Math.max(12, ...labels.map((label) => textWidth(String(label), size)))))
    : 0;
  const left = labelWidth + 34;
  const top = 66;
  const count = labels.length;
  const side = (count + (isWritten ? 1 : 0)) * cell;
  const parts: string[] = [];
  const write = (x: number, y: number, text: string, attributes = ""): void => {
    parts.push(`<text x="${x}" y="${y}" ${attributes}>${escapeMarkup(text)}</text>`);
  };
  const heading = headline(table);
  write(10, 20, heading, 'font-size="13" fill="#111111"');
  write(left + (count * cell) / 2, 42, "predicted", 'text-anchor="middle"');
  write(
    14,
    top + (count * cell) / 2,
    "true",
    `text-anchor="middle" transform="rotate(-90 14 ${top + (count * cell) / 2})"`,
  );
  counts.forEach((row, i) => {
    row.forEach((value, j) => {
      const [x, y] = [left + j * cell, top + i * cell];
      const color = cellColor(table, i, j);
      const fill = color ? cssColor(color) : "#ffffff";
      parts.push(`<rect x="${x}" y="${y}" width="${cell}" height="${cell}" fill="${fill}"/>`);
      if (isWritten) {
        const ink = color ? textColorOn(color) : "#999999";
        write(x + cell / 2, y + cell / 2 + 4, String(value), `text-anchor="middle" fill="${ink}"`);
      }
    });
  });
  if (isWritten) {
    labels.forEach((label, i) => {
      const middle = i * cell + cell / 2;
      write(left - 6, top + middle + 4, fitText(String(label), size, labelWidth), 'text-anchor="end"');
      write(left + middle, top - 7, fitText(String(label), size, cell - 2), 'text-anchor="middle"');
      write(
        left + side - cell / 2,
        top + middle + 4,
        String(actual[i]),
        'text-anchor="middle" fill="#777777"',
      );
      write(
        left + middle,
        top + side - cell / 2 + 4,
        String(predicted[i]),
        'text-anchor="middle" fill="#777777"',
      );
    });
    write(
      left + side - cell / 2,
      top + side - cell / 2 + 4,
      String(total),
      'text-anchor="middle" fill="#777777"',
    );
  }
  const frame = `<rect x="${left}" y="${top}" width="${count * cell}" height="${count * cell}" fill="none" stroke="#cccccc"/>`;
  const width = Math.ceil(Math.max(left + side, textWidth(heading, 13) + 10) + 10);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top + side + 10}" font-family="sans-serif" ` +
    `font-size="${size}" fill="#333333"><rect width="100%" height="100%" fill="#ffffff"/>${parts.join("")}${frame}</svg>`
  );
}

/** The colour of a count: blue on the diagonal, orange beside it, by its share of the row; none for zero. */
function cellColor({ counts, actual }: ConfusionTable, row: number, column: number): Rgb | undefined {
  const count = counts[row][column];
  if (count === 0) return undefined;
  const [pale, deep]: [Rgb, Rgb] =
    row === column
      ? [
          [222, 235, 247],
          [8, 81, 156],
        ]
      : [
          [254, 230, 206],
          [166, 54, 3],
        ];
  const share = count / actual[row];
  return colorOf((part) => Math.round(pale[part] + (deep[part] - pale[part]) * share));
}
