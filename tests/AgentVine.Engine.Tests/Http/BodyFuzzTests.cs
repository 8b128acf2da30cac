using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentVine.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

/// <summary>Whatever bytes arrive: a body is bound, or each fault is named. Never is it the server's fault.</summary>
public sealed class BodyFuzzTests(BodyServer fixture) : IClassFixture<BodyServer>
{
    private static readonly string[] Names =
    [
        "title", "description", "task_type", "priority", "permission_level", "repository_url", "branch_name", "context", "payload",
        "metadata", "timeout", "depends_on", "runtime", "model", "max_attempts", "Title", "unknown", "", "$", "a.b", "[0]", "\\ud800", "\\u0000",
    ];

    private static readonly string[] Leaves =
    [
        "null", "true", "false", "0", "-0", "1", "60", "-1", "1.0", "1.5", "1e3", "1e999", "-1e-999", "9223372036854775808", "\"\"", "\" \"",
        "\"a\"", "\"feature\"", "\"high\"", "\"2026-01-01\"", "\"0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "\"\\u0000\"", "\"\\u001b[2J\"", "\"😀\"", "\"\uFEFF\"", "\"\\u202e\"", "[]", "{}",
    ];

    [Fact]
    public Task CreateTask_NamesAField_WhateverJsonComes() => CheckAsync("/tasks", Object().Select(Encoding.UTF8.GetBytes));

    [Fact]
    public Task Complete_NamesAField_WhateverJsonComes() => CheckAsync("/complete", Object().Select(Encoding.UTF8.GetBytes));

    [Fact]
    public Task CreateTask_NamesAField_WhateverBytesCome() => CheckAsync("/tasks", Mutated());

    private static Gen<string> Value(int depth) =>
        depth == 0
            ? Gen.Elements(Leaves)
            : Gen.Frequency(
                (4, Gen.Elements(Leaves)),
                (1, Gen.ListOf(Value(depth - 1), 3).Select(items => $"[{string.Join(',', items)}]")),
                (1, Member(depth - 1).ListOf(3).Select(members => $"{{{string.Join(',', members)}}}")));

    private static Gen<string> Member(int depth) =>
        from name in Gen.Elements(Names)
        from value in Value(depth)
        select $"\"{name}\":{value}";

    private static Gen<string> Object() =>
        from members in Member(depth: 3).ListOf()
        select $"{{{string.Join(',', members.Take(12))}}}";

    private static Gen<byte[]> Mutated() =>
        from json in Object()
        from at in Gen.Choose(0, int.MaxValue)
        from value in Gen.Choose(0, 255)
        from cut in Gen.Choose(0, 3)
        select Mutate(Encoding.UTF8.GetBytes(json), at, (byte)value, cut);

    private static byte[] Mutate(byte[] json, int at, byte value, int cut)
    {
        json[at % json.Length] = value;
        return cut == 0 ? json[..(at % json.Length)] : json;
    }

    private async Task CheckAsync(string path, Gen<byte[]> bodies)
    {
        foreach (var body in bodies.Sample(400, size: 12))
        {
            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            var reply = await fixture.Server.Client.PostAsync(path, content);
            var text = await reply.Content.ReadAsStringAsync();
            var sent = $"{(int)reply.StatusCode} {text}\nto {Encoding.UTF8.GetString(body)} ({Convert.ToHexString(body)})";
            if ((int)reply.StatusCode == 200)
            {
                Assert.True(JsonNode.Parse(text) is JsonObject, sent);
                continue;
            }

            Assert.True((int)reply.StatusCode == 400, sent);
            var problem = JsonSerializer.Deserialize<Problem>(text, VineJson.Options)!;
            Assert.True(problem.Code == ErrorCodes.ValidationFailed && problem.Errors is { Count: > 0 }, sent);
            Assert.True(problem.Errors.All(field => field.Key.Length > 0 && field.Value.All(rule => rule.Length > 0)), sent);
        }
    }
}
