import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DeploymentSettings } from '../deployment-settings.ts';
import { acknowledge } from '../nag.ts';
import { retentionOf } from './hub-function.ts';

/** The public address that Slack calls: one path, POST only, throttled, logged. */
export class SlackApi extends Construct {
  readonly url: string;
  readonly apiId: string;

  constructor(scope: Construct, options: { endpoint: LambdaFunction; settings: DeploymentSettings }) {
    super(scope, 'SlackApi');
    const api = new HttpApi(this, 'Api', {
      apiName: 'yagura-slack',
      description: 'Buttons and forms of Yagura messages',
      createDefaultStage: false,
    });
    const routes = api.addRoutes({
      path: '/slack/{path+}',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Endpoint', options.endpoint),
    });
    for (const route of routes)
      acknowledge(
        route,
        'AwsSolutions-APIG4',
        "Slack cannot sign in to AWS; the function verifies Slack's v0 HMAC signature and its five-minute window before anything else.",
      );
    const logGroup = new LogGroup(this, 'AccessLogs', {
      logGroupName: '/aws/apigateway/yagura-slack',
      retention: retentionOf(options.settings),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      // People press buttons; anything faster is not people.
      throttle: { rateLimit: 20, burstLimit: 40 },
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: accessLogFormat },
    });
    this.url = stage.url;
    this.apiId = api.apiId;
  }
}

const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    time: '$context.requestTime',
    requestId: '$context.requestId',
    ip: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    route: '$context.routeKey',
    status: '$context.status',
    latencyMs: '$context.responseLatency',
    error: '$context.integrationErrorMessage',
  }),
);
