using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Conversations;

/// <summary>Which answers fit which kind of request.</summary>
internal static class RequestRules
{
    /// <summary>Checks an answer against its request and names every member that does not fit.</summary>
    /// <exception cref="ProblemException">400 <c>validation.failed</c>.</exception>
    public static void Check(RequestRow request, RequestAnswer answer)
    {
        var errors = new Dictionary<string, IReadOnlyList<string>>();
        switch (request.KindValue)
        {
            case RequestKind.Permission:
                RequireDecision(errors, answer, AnswerDecision.Allow, AnswerDecision.Deny);
                Forbid(errors, "a permission", ("answers", answer.Answers), ("text", answer.Text), ("comment", answer.Comment));
                if (answer.Decision == AnswerDecision.Deny)
                {
                    Forbid(errors, "a denial", ("scope", answer.Scope), ("updated_input", answer.UpdatedInput));
                }

                if (answer.UpdatedInput is { ValueKind: not System.Text.Json.JsonValueKind.Object })
                {
                    errors["updated_input"] = ["must be an object: the tool's whole input"];
                }

                break;
            case RequestKind.Question:
                CheckAnswers(errors, request, answer);
                Forbid(errors, "a question", ("decision", answer.Decision), ("scope", answer.Scope), ("reason", answer.Reason),
                    ("updated_input", answer.UpdatedInput), ("comment", answer.Comment));
                break;
            default:
                RequireDecision(errors, answer, AnswerDecision.Approve, AnswerDecision.Reject);
                Forbid(errors, $"{(request.KindValue == RequestKind.Review ? "a review" : "an approval")}", ("answers", answer.Answers),
                    ("text", answer.Text), ("scope", answer.Scope), ("reason", answer.Reason), ("updated_input", answer.UpdatedInput));
                if (request.KindValue == RequestKind.Review && answer.Decision == AnswerDecision.Reject && string.IsNullOrWhiteSpace(answer.Comment))
                {
                    errors["comment"] = ["is required to reject: the agent is told what to change"];
                }

                break;
        }

        if (errors.Count > 0)
        {
            throw new ProblemException(
                400, ErrorCodes.ValidationFailed, $"The answer does not fit a {request.Kind}: {string.Join("; ", errors.Select(e => $"{e.Key} {e.Value[0]}"))}.", errors);
        }
    }

    private static void RequireDecision(Dictionary<string, IReadOnlyList<string>> errors, RequestAnswer answer, params AnswerDecision[] allowed)
    {
        if (answer.Decision is not { } decision || !allowed.Contains(decision))
        {
            errors["decision"] = [$"must be one of: {string.Join(", ", allowed.Select(VineJson.Name))}"];
        }
    }

    private static void Forbid(Dictionary<string, IReadOnlyList<string>> errors, string kind, params (string Name, object? Value)[] members)
    {
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                errors[name] = [$"does not belong to {kind}"];
            }
        }
    }

    private static void CheckAnswers(Dictionary<string, IReadOnlyList<string>> errors, RequestRow request, RequestAnswer answer)
    {
        if (answer.Text is not null)
        {
            if (string.IsNullOrWhiteSpace(answer.Text))
            {
                errors["text"] = ["must not be blank"];
            }

            return;
        }

        if (answer.Answers is null || answer.Answers.Count == 0)
        {
            errors["answers"] = ["or text is required"];
            return;
        }

        var asked = request.QuestionList.Select(question => question.Question).ToHashSet();
        foreach (var (question, value) in answer.Answers)
        {
            if (!asked.Contains(question))
            {
                errors[$"answers.{question}"] = [$"was not asked; asked was: {string.Join(" | ", asked)}"];
            }
            else if (string.IsNullOrWhiteSpace(value))
            {
                errors[$"answers.{question}"] = ["must not be blank"];
            }
        }

        foreach (var question in asked.Where(question => !answer.Answers.ContainsKey(question)))
        {
            errors[$"answers.{question}"] = ["is missing: every question wants an answer"];
        }
    }
}
