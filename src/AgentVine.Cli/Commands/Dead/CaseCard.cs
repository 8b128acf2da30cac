using AgentVine.Cli.Commands.Tasks;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Queue;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Dead;

/// <summary>A case file on one screen: why first, then what to do, then what was tried and said.</summary>
internal sealed class CaseCard(IAnsiConsole painter, TimeProvider time)
{
    public void Write(CaseFile file)
    {
        var entry = file.Entry;
        painter.Line(Printable.Line(entry.Title), Look.Bold);
        painter.Line($"  {entry.Id:D}", Look.Dim);
        painter.Line($"  given up {Words.Age(entry.Since, time)} ago, after {Words.Count(file.Attempts.Count, "attempt")}; kept here until {Words.Moment(entry.KeepUntil, time)}", Look.Plain);

        Heading("why");
        painter.Line($"  {Printable.Line(entry.Words)}", Look.Bad);
        painter.Block(entry.Message, "  ", Look.Plain);

        Heading("what to try");
        Advise(file.ToTry);

        Heading("what was kept");
        WriteSalvaged(file.Salvaged);

        Heading("what was tried");
        foreach (var attempt in file.Attempts)
        {
            WriteAttempt(attempt);
        }

        WriteOutput(file.LastOutput);
    }

    private void WriteSalvaged(CaseSalvage salvaged)
    {
        if (salvaged.Branch is { } branch)
        {
            var size = salvaged.DiffStat is { } stat ? $": {Words.Of(stat)}" : "";
            painter.Line($"  branch {Printable.Line(branch)} at {salvaged.Commit?[..Math.Min(10, salvaged.Commit.Length)]}{size}", Look.Good);
        }

        if (salvaged.Checkpoint is { } checkpoint)
        {
            var with = checkpoint.TranscriptBytes > 0 ? "files and conversation" : "files";
            painter.Line($"  checkpoint {checkpoint.N} of attempt {checkpoint.Attempt}, {with}, {Words.Age(checkpoint.CreatedAt, time)} old", Look.Good);
        }

        if (salvaged is { Branch: null, Checkpoint: null })
        {
            painter.Line("  nothing: no attempt got so far that there was anything to keep", Look.Dim);
        }

        Advise(salvaged.HowToFetch);
    }

    private void WriteAttempt(CaseAttempt attempt)
    {
        var span = attempt.EndedAt is { } end ? $" after {Words.Span(end - attempt.StartedAt)}" : "";
        var cost = attempt.CostUsd is { } spent and > 0 ? $", {Words.Dollars(spent)}" : "";
        var kept = (attempt.Checkpoint is { } n ? $", checkpoint {n}" : "") + (attempt.Branch is null ? "" : ", branch");
        painter.Line(
            ($"  {attempt.Number,3}  ", Look.Bold),
            ($"{Words.Moment(attempt.StartedAt, time)}  ", Look.Dim),
            ($"{Words.Of(attempt.Status)}{span} on {Printable.Line(attempt.WorkerName)}{(attempt.Resumed ? ", resumed" : "")}{kept}{cost}", Look.Plain));
        if (attempt.Error is { } error)
        {
            painter.Line($"       {Printable.Line(error.Message)}", Look.Bad);
        }
    }

    private void WriteOutput(CaseOutput? output)
    {
        if (output is null)
        {
            return;
        }

        var earlier = output.Earlier > 0 ? $", less {Words.Count(output.Earlier, "line")} before" : "";
        Heading($"the last that attempt {output.Attempt} said{earlier}");
        var log = new LogWriter(painter, time, full: false);
        foreach (var line in output.Lines)
        {
            log.Write(line);
        }
    }

    private void Advise(IReadOnlyList<CaseAdvice> advices)
    {
        foreach (var advice in advices)
        {
            painter.Line($"  {Printable.Line(advice.Words)}", Look.Plain);
            if (advice.Command is { } command)
            {
                painter.Line(("      ", Look.Plain), (Printable.Line(command), Look.Tool));
            }
        }
    }

    private void Heading(string text)
    {
        painter.Line();
        painter.Line(text, Look.Dim);
    }
}
