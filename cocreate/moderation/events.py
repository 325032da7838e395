"""What readers report and what came of it. Staff hears it; who reported is told to nobody."""

from cocreate.eventlog.kinds import declare

REPORT_MADE = declare("report.made", "moderation", "staff", data=("board", "reports"))
REPORT_SETTLED = declare("report.settled", "moderation", "staff", data=("board", "reports"))
REPORT_REOPENED = declare("report.reopened", "moderation", "staff", data=("board", "reports"))
