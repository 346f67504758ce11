import { describe, expect, it } from 'vitest';
import { EventTexts, type TextPiece } from './event-texts.ts';

const start = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>";

function piecesOf(text: string): readonly TextPiece[] {
  const texts = new EventTexts();
  return [...text.split('\n').flatMap((line) => texts.line(line)), ...texts.end()];
}

function shortly(text: string): readonly string[] {
  return piecesOf(text).map((piece) => `${piece.kind} ${piece.kind === 'event' ? piece.head : ''}${piece.text}`);
}

describe('EventTexts', () => {
  it('cuts events that follow each other on one line', () => {
    expect(shortly(`${start}1</Event>${start}2</Event> `)).toEqual([
      `event ${start}1</Event>`,
      `event ${start}2</Event>`,
    ]);
  });

  it('joins the lines of an event and keeps what stands before it', () => {
    expect(shortly(`<13>host ${start}\n<a/>\n</Event></Events>`)).toEqual([
      `event <13>host ${start}\n<a/>\n</Event>`,
      'text </Events>',
    ]);
  });

  it('is not misled by elements with a longer name, inner events, comments and character data', () => {
    const inner = '<EventData/><Event>x</Event><!-- </Event> --><![CDATA[</Event>\n</Event>]]>';

    expect(shortly(`${start}${inner}</Event>`)).toEqual([`event ${start}${inner}</Event>`]);
  });

  it('tells a truncated event when the next one begins, and at the end', () => {
    expect(piecesOf(`${start}1\n<13>host ${start}2</Event>\n${start}3`).map(({ kind }) => kind)).toEqual([
      'broken',
      'event',
      'broken',
    ]);
  });

  it('gives up an event that is too long, up to the next one', () => {
    const long = Array.from({ length: 50 }, () => 'x'.repeat(100_000)).join('\n');

    expect(piecesOf(`${start}\n${long}\n</Event>\n${start}2</Event>`).map(({ kind }) => kind)).toEqual([
      'broken',
      'event',
    ]);
  });

  it('takes time in proportion to a hostile line', () => {
    const hostile = ['<Event ', '<Event <!--', '</Event <Event>', '<![CDATA[', `${start}<Event>`].map((part) =>
      part.repeat(Math.floor(2_000_000 / part.length)),
    );

    for (const line of hostile) expect(piecesOf(line).length).toBeGreaterThan(0);
  });
});
