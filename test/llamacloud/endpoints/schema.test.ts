/** Our schemas accept everything that the types of the official SDK allow; tsc checks it. */
import type { ChatListResponse, ChatRetrieveResponse } from '@llamaindex/llama-cloud/resources/beta/chat.js';
import type { Project } from '@llamaindex/llama-cloud/resources/projects.js';
import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type {
  JobMetadata,
  ProjectItem,
  SessionItem,
  SessionList,
  StopEvent,
  Usage,
} from '../../../src/llamacloud/endpoints/schema.ts';

type Shape<Schema extends z.ZodType> = z.input<Schema>;

/** Checked by tsc: what the official SDK says the API sends must fit what our schemas take, field by field. */
describe('schemas against the official SDK', () => {
  it('take every session of its list', () => {
    expectTypeOf<ChatListResponse>().toExtend<Shape<typeof SessionItem>>();
    expectTypeOf<NonNullable<ChatListResponse['job_metadata']>>().toExtend<Shape<typeof JobMetadata>>();
    expectTypeOf<{ items: ChatListResponse[]; next_page_token?: string | null }>().toExtend<
      Shape<typeof SessionList>
    >();
  });

  it('name no field that it lacks', () => {
    expectTypeOf<keyof SessionItem>().toExtend<keyof ChatListResponse>();
    expectTypeOf<keyof JobMetadata>().toExtend<keyof NonNullable<ChatListResponse['job_metadata']>>();
    expectTypeOf<keyof ProjectItem>().toExtend<keyof Project>();
    expectTypeOf<keyof StopEvent>().toExtend<keyof ChatRetrieveResponse.StopEvent>();
    expectTypeOf<keyof Usage>().toExtend<keyof ChatRetrieveResponse.StopEvent.Usage>();
  });

  it('demand no field that it may leave out', () => {
    expectTypeOf<Required<Shape<typeof SessionItem>>>().not.toEqualTypeOf<Shape<typeof SessionItem>>();
    expectTypeOf<Pick<ChatListResponse, 'session_id' | 'last_updated_at'>>().toExtend<Shape<typeof SessionItem>>();
    expectTypeOf<Project>().toExtend<Shape<typeof ProjectItem>>();
  });

  it('take every stop event of its histories', () => {
    expectTypeOf<ChatRetrieveResponse.StopEvent & { type: 'stop' }>().toExtend<Shape<typeof StopEvent>>();
    expectTypeOf<ChatRetrieveResponse['events'][number]>().toHaveProperty('type');
  });
});
