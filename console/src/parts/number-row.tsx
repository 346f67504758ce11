import Box from '@cloudscape-design/components/box';
import Grid from '@cloudscape-design/components/grid';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/texts-context.tsx';
import { RoomLink } from './room-link.tsx';

/** A number with its name, and where it leads. */
export type LinkedNumber = {
  readonly id: string;
  readonly name: ReactNode;
  readonly count: number;
  readonly to: string;
  readonly label: string;
};

/** A handful of numbers beside each other. */
export function NumberRow(props: { numbers: readonly LinkedNumber[] }) {
  const { number } = useTexts();
  return (
    <Grid gridDefinition={props.numbers.map(() => ({ colspan: { default: 6, xs: 2 } }))}>
      {props.numbers.map(({ id, name, count, to, label }) => (
        <div key={id}>
          <Box variant="awsui-key-label">{name}</Box>
          <RoomLink to={to} fontSize="display-l" ariaLabel={label}>
            {number(count)}
          </RoomLink>
        </div>
      ))}
    </Grid>
  );
}
