using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace AgentVine.Architecture.Tests.Metadata;

/// <summary>Walks the instructions of a method.</summary>
internal static class Instructions
{
    private const byte TwoByteMark = 0xFE;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF);

    /// <summary>The metadata tokens that the instructions name: types, methods and fields.</summary>
    public static IEnumerable<int> Tokens(byte[] code)
    {
        var position = 0;
        while (position < code.Length)
        {
            int value = code[position++];
            if (value == TwoByteMark)
            {
                value = (value << 8) | code[position++];
            }

            var operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(position));
            }

            position += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(position))),
                _ => 4,
            };
        }
    }
}
