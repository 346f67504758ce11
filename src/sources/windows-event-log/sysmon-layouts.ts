import type { EventLayout } from './event-layout.ts';

const process = { ProcessGuid: 'process_uid', ProcessId: 'process_pid', Image: 'process_path' } as const;
const caller = {
  ProcessGuid: 'caller_uid',
  ProcessId: 'caller_pid',
  Image: 'caller_path',
  User: 'actor_account',
} as const;
const image = {
  Hashes: 'file_hashes',
  Company: 'file_company',
  Description: 'file_desc',
  FileVersion: 'file_version',
} as const;
const betweenProcesses = {
  SourceProcessGuid: 'caller_uid',
  SourceProcessGUID: 'caller_uid',
  SourceProcessId: 'caller_pid',
  SourceImage: 'caller_path',
  SourceUser: 'actor_account',
  TargetProcessGuid: 'process_uid',
  TargetProcessGUID: 'process_uid',
  TargetProcessId: 'process_pid',
  TargetImage: 'process_path',
  TargetUser: 'process_account',
} as const;

type Kind = Pick<EventLayout, 'title' | 'activity' | 'values'> & Partial<EventLayout>;

function onProcess(kind: Kind): EventLayout {
  return { class: 1007, status: 1, needs: [['process_pid', 'process_uid']], ...kind };
}

function onFile(kind: Kind): EventLayout {
  const { values, fixed } = kind;
  return {
    class: 1001,
    status: 1,
    needs: [['file_path']],
    ...kind,
    values: { ...caller, ...values },
    fixed: { file_type: '1', ...fixed },
  };
}

const named = { TargetFilename: 'file_path' } as const;
const hashed = { ...named, Hashes: 'file_hashes' } as const;

/** Events of Sysmon by their number; the others (registry, WMI, clipboard, Sysmon's own state) have no class in OCSF 1.1.0. */
export const sysmonLayouts: Readonly<Record<string, EventLayout>> = {
  '1': onProcess({
    title: 'Process creation',
    activity: 1,
    values: {
      ...process,
      ...image,
      UtcTime: 'process_created',
      CommandLine: 'process_cmd',
      User: 'process_account',
      LogonId: 'process_session',
      LogonGuid: 'process_session_guid',
      IntegrityLevel: 'integrity',
      ParentProcessGuid: 'parent_uid',
      ParentProcessId: 'parent_pid',
      ParentImage: 'parent_path',
      ParentCommandLine: 'parent_cmd',
      ParentUser: 'actor_account',
    },
  }),
  '2': onFile({
    title: 'A process changed a file creation time',
    activity: 6,
    values: { ...named, CreationUtcTime: 'file_created' },
  }),
  '3': {
    title: 'Network connection',
    class: 4001,
    activity: 1,
    status: 1,
    values: {
      ...caller,
      Protocol: 'protocol_name',
      Initiated: 'direction',
      SourceIp: 'src_ip',
      SourceHostname: 'src_host',
      SourcePort: 'src_port',
      DestinationIp: 'dst_ip',
      DestinationHostname: 'dst_host',
      DestinationPort: 'dst_port',
    },
    needs: [
      ['src_ip', 'src_hostname', 'src_name'],
      ['dst_ip', 'dst_hostname', 'dst_name'],
    ],
  },
  '5': onProcess({ title: 'Process terminated', activity: 2, values: { ...process, User: 'process_account' } }),
  '6': {
    title: 'Driver loaded',
    class: 1002,
    activity: 1,
    status: 1,
    values: { ImageLoaded: 'file_path', Hashes: 'file_hashes' },
    fixed: { file_type: '1' },
    needs: [['file_path']],
  },
  '7': {
    title: 'Image loaded',
    class: 1005,
    activity: 1,
    status: 1,
    values: { ...caller, ...image, ImageLoaded: 'file_path' },
    fixed: { file_type: '1' },
    needs: [['file_path']],
  },
  '8': onProcess({
    title: 'CreateRemoteThread',
    activity: 4,
    values: { ...betweenProcesses, NewThreadId: 'process_tid' },
  }),
  '9': onFile({ title: 'RawAccessRead', activity: 2, values: { Device: 'file_path' }, fixed: { file_type: '4' } }),
  '10': onProcess({ title: 'ProcessAccess', activity: 3, values: betweenProcesses }),
  '11': onFile({ title: 'FileCreate', activity: 1, values: { ...named, CreationUtcTime: 'file_created' } }),
  '15': onFile({
    title: 'FileCreateStreamHash',
    activity: 1,
    values: { ...named, Hash: 'file_hashes', CreationUtcTime: 'file_created' },
  }),
  '17': onFile({
    title: 'Pipe created',
    activity: 1,
    values: { PipeName: 'file_path' },
    fixed: { file_type: '6' },
  }),
  '18': onFile({
    title: 'Pipe connected',
    activity: 14,
    values: { PipeName: 'file_path' },
    fixed: { file_type: '6' },
  }),
  '22': {
    title: 'DNS query',
    class: 4003,
    activity: 6,
    values: { ...caller, QueryName: 'query_host', QueryStatus: 'dns_status', QueryResults: 'answers' },
  },
  '23': onFile({ title: 'File deleted and archived', activity: 4, values: hashed }),
  '25': onProcess({ title: 'Process tampering', activity: 4, values: { ...process, User: 'process_account' } }),
  '26': onFile({ title: 'File deleted', activity: 4, values: hashed }),
  '27': onFile({ title: 'Executable file blocked', activity: 1, status: 2, values: hashed }),
  '28': onFile({ title: 'File shredding blocked', activity: 4, status: 2, values: hashed }),
  '29': onFile({ title: 'Executable file created', activity: 1, values: hashed }),
};
