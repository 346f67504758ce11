import Link, { type LinkProps } from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useGo } from '../app/navigate.tsx';

/** A link to a room: a real address for new tabs, no page load for plain clicks. */
export function RoomLink(props: {
  to: string;
  children: ReactNode;
  variant?: LinkProps.Variant;
  fontSize?: LinkProps.FontSize;
  ariaLabel?: string;
}) {
  const go = useGo();
  const { to, children, ...rest } = props;
  return (
    <Link
      {...rest}
      href={to}
      onFollow={(event) => {
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </Link>
  );
}
