import type { DailyTally, ReportEntry } from '#contracts/read-models/other.js';
import { REPORT_ENTRY_TABLE } from '#contracts/read-models/tables/daily-report.js';
import type { RowProjection } from '../kit/projection.js';
import { dailyReport } from './project.js';
import { dailyTallies } from './tallies.js';

export const DAILY_REPORT: RowProjection<ReportEntry, DailyTally> = { ...dailyReport, table: REPORT_ENTRY_TABLE, tallies: dailyTallies };
