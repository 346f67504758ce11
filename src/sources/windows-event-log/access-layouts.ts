import { callingProcess, subject } from './audit-values.ts';
import type { EventLayout } from './event-layout.ts';

const object = {
  ...subject,
  ...callingProcess,
  ObjectName: 'file_path',
  AccessMask: 'access_mask',
} as const;

// File System Activity has no place for the client's address; it stays in `unmapped`.
const share = { ...subject, AccessMask: 'access_mask' } as const;
const onlyFiles = { values: object, only: ['ObjectType', 'File'] } as const;

const connection = {
  ProcessID: 'caller_pid',
  ProcessId: 'caller_pid',
  Application: 'caller_path',
  Direction: 'direction',
  SourceAddress: 'src_ip',
  SourcePort: 'src_port',
  DestAddress: 'dst_ip',
  DestPort: 'dst_port',
  Protocol: 'protocol_num',
} as const;

type Kind = Pick<EventLayout, 'title' | 'activity' | 'values'> & Partial<EventLayout>;

function onFile(kind: Kind): EventLayout {
  return { class: 1001, needs: [['file_path']], ...kind, fixed: { file_type: '1', ...kind.fixed } };
}

function filtered(title: string, activity: 1 | 5): EventLayout {
  return {
    title,
    class: 4001,
    activity,
    status: activity === 1 ? 1 : 2,
    values: connection,
    needs: [['src_ip'], ['dst_ip']],
  };
}

/** Processes, files and shares, and connections that the Windows Filtering Platform saw. */
export const accessLayouts: Readonly<Record<string, EventLayout>> = {
  '4688': {
    title: 'A new process has been created.',
    class: 1007,
    activity: 1,
    status: 1,
    values: {
      ...subject,
      NewProcessId: 'process_pid',
      NewProcessName: 'process_path',
      CommandLine: 'process_cmd',
      MandatoryLabel: 'integrity',
      TargetUserSid: 'process_user_sid',
      TargetUserName: 'process_user_name',
      TargetDomainName: 'process_user_domain',
      TargetLogonId: 'process_session',
      ProcessId: 'parent_pid',
      ParentProcessName: 'parent_path',
    },
    runsAsActor: true,
    needs: [['process_pid']],
  },
  '4689': {
    title: 'A process has exited.',
    class: 1007,
    activity: 2,
    status: 1,
    values: { ...subject, ProcessId: 'process_pid', ProcessName: 'process_path', Status: 'exit_code' },
    needs: [['process_pid']],
  },
  '4656': onFile({ title: 'A handle to an object was requested.', activity: 14, ...onlyFiles }),
  '4663': onFile({
    title: 'An attempt was made to access an object.',
    activity: 99,
    activityName: 'Access',
    activityFromMask: true,
    ...onlyFiles,
  }),
  '4664': onFile({
    title: 'An attempt was made to create a hard link.',
    activity: 1,
    values: { ...subject, LinkName: 'file_path' },
    fixed: { file_type: '0' },
  }),
  '4670': onFile({ title: 'Permissions on an object were changed.', activity: 7, ...onlyFiles }),
  '5140': onFile({
    title: 'A network share object was accessed.',
    activity: 14,
    values: { ...share, ShareName: 'file_path' },
    fixed: { file_type: '2' },
  }),
  '5145': onFile({
    title: 'A network share object was checked to see whether client can be granted desired access.',
    activity: 14,
    values: share,
    path: ['ShareName', 'RelativeTargetName'],
    fixed: { file_type: '0' },
  }),
  '5152': filtered('The Windows Filtering Platform has blocked a packet.', 5),
  '5156': filtered('The Windows Filtering Platform has permitted a connection.', 1),
  '5157': filtered('The Windows Filtering Platform has blocked a connection.', 5),
};

/** Access rights of a file with the activity that each stands for, the weightiest first. */
const rights: readonly (readonly [mask: number, activity: number])[] = [
  [0x10040, 4],
  [0xc0000, 7],
  [0x06, 3],
  [0x110, 6],
  [0x01, 2],
  [0x88, 8],
  [0x20000, 9],
];

/** The activity of an access to a file by its mask: deleting before writing before reading. */
export function activityOfAccess(mask: number): number | undefined {
  return rights.find(([right]) => (mask & right) !== 0)?.[1];
}
